package pyflink

import (
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
)

// streamEnvClass is StreamExecutionEnvironment, batchEnvClass the one for
// bounded input before it: their instances carry the job's *config.
var (
	streamEnvClass        = pyeval.NewClass("pyflink.datastream.stream_execution_environment", "StreamExecutionEnvironment")
	batchEnvClass         = pyeval.NewClass("pyflink.dataset", "ExecutionEnvironment")
	checkpointConfigClass = pyeval.NewClass("pyflink.datastream.checkpoint_config", "CheckpointConfig")
)

// configMethods are methods that do nothing but set an entry of the
// configuration. An int is in milliseconds where the key is a duration.
var configMethods = []struct {
	class    *pyeval.Class
	sig, key string
	unit     string
	doc      string
}{
	{streamEnvClass, "set_parallelism(self, parallelism: int)", "parallelism.default", "", "Sets the number of shards."},
	{streamEnvClass, "set_max_parallelism(self, max_parallelism: int)", "pipeline.max-parallelism", "", "Sets the number of key groups."},
	{streamEnvClass, "set_buffer_timeout(self, timeout_millis: int)", "execution.buffer-timeout", " ms", "Sets how long a row may wait for others."},
	{streamEnvClass, "set_runtime_mode(self, execution_mode)", modeKey, "", "Chooses streaming or batch."},
	{streamEnvClass, "set_python_executable(self, python_exec: text)", "python.executable", "", "Sets the worker's interpreter."},
	{streamEnvClass, "set_default_savepoint_directory(self, directory: text)", "execution.checkpointing.savepoint-dir", "", "Sets where savepoints go."},
	{checkpointConfigClass, "set_checkpoint_interval(self, checkpoint_interval: int)", "execution.checkpointing.interval", " ms", "Sets the time between checkpoints."},
	{checkpointConfigClass, "set_checkpoint_timeout(self, checkpoint_timeout: int)", "execution.checkpointing.timeout", " ms", "Sets how long a checkpoint may take."},
	{checkpointConfigClass, "set_min_pause_between_checkpoints(self, min_pause_between_checkpoints: int)", "execution.checkpointing.min-pause", " ms", "Sets the pause after a checkpoint."},
	{checkpointConfigClass, "set_max_concurrent_checkpoints(self, max_concurrent_checkpoints: int)", "execution.checkpointing.max-concurrent-checkpoints", "", "Sets how many checkpoints may overlap."},
	{checkpointConfigClass, "set_tolerable_checkpoint_failure_number(self, tolerable_checkpoint_failure_number: int)", "execution.checkpointing.tolerable-failed-checkpoints", "", "Sets how many checkpoints may fail."},
	{checkpointConfigClass, "set_checkpointing_mode(self, checkpointing_mode)", "execution.checkpointing.mode", "", "Sets the guarantee of checkpoints."},
	{checkpointConfigClass, "set_checkpoint_storage_dir(self, checkpoint_path: text)", "execution.checkpointing.dir", "", "Sets where checkpoints go."},
}

func init() {
	// What concerns the Java process has no meaning here.
	same := func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }
	members := map[*pyeval.Class][]member{
		streamEnvClass: {
			onClass("get_execution_environment(configuration: Configuration|None = None)", "The environment.", streamEnvironment),
			def("enable_checkpointing(self, interval: int, mode = None)", "Sets the time between checkpoints in milliseconds.", enableCheckpointing),
			def("get_checkpoint_config(self)", "The settings of checkpoints.", func(c *pyeval.Call) (pyeval.Value, error) {
				return checkpointConfigClass.Make(configOf(c.Self())), nil
			}),
			def("configure(self, configuration: Configuration)", "Takes over entries.", func(c *pyeval.Call) (pyeval.Value, error) {
				configOf(c.Self()).addAll(configOf(c.Arg("configuration")), "")
				return pyeval.None, nil
			}),
			def("add_jars(self, *jars_path: text)", "Names Java archives; what they hold is built into pyfc.", addJars("pipeline.jars", "jars_path")),
			def("add_classpaths(self, *classpaths: text)", "Names Java archives; what they hold is built into pyfc.", addJars("pipeline.classpaths", "classpaths")),
			def("disable_operator_chaining(self)", "Has no effect here.", same),
			def("set_stream_time_characteristic(self, characteristic)", "Has no effect; a table declares its own time.", same),
		},
		checkpointConfigClass: nil,
	}
	for _, m := range configMethods {
		members[m.class] = append(members[m.class], def(m.sig, m.doc, configMethod(m.key, m.unit)))
	}
	members[streamEnvClass] = append(members[streamEnvClass], dependencyMembers...)
	declare(batchEnvClass, "The environment in which a job over bounded input runs.",
		onClass("get_execution_environment()", "The environment.", func(c *pyeval.Call) (pyeval.Value, error) {
			return batchEnvClass.Make(runOf(c).config), nil
		}),
		def("set_parallelism(self, parallelism: int)", "Sets the number of shards.", configMethod("parallelism.default", "")),
	)
	declare(streamEnvClass, "The environment in which a job runs.", members[streamEnvClass]...)
	declare(checkpointConfigClass, "The settings of checkpoints.", members[checkpointConfigClass]...)
}

// configMethod sets an entry to the only argument.
func configMethod(key, unit string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		v := c.Args()[1]
		switch x := v.(type) {
		case pyeval.Int:
			v = pyeval.NewStr(x.String() + unit)
		case *pyeval.Instance: // a constant such as RuntimeExecutionMode.BATCH
			v = pyeval.NewStr(constantName(x))
		}
		return c.Self(), configOf(c.Self()).set(key, v, c.Span.Pos())
	}
}

// constantName is the last word of a constant of the package: "BATCH".
func constantName(v pyeval.Value) string {
	name, _ := pyeval.Data[string](v)
	return name[strings.LastIndexByte(name, '.')+1:]
}

func streamEnvironment(c *pyeval.Call) (pyeval.Value, error) {
	cf := runOf(c).config
	if given := configOf(c.Arg("configuration")); given != nil {
		cf.addAll(given, "")
	}
	return streamEnvClass.Make(cf), nil
}

func enableCheckpointing(c *pyeval.Call) (pyeval.Value, error) {
	cf := configOf(c.Self())
	cf.setText("execution.checkpointing.interval", strconv.FormatInt(c.Int("interval"), 10)+" ms", c.Span.Pos())
	if mode := constantName(c.Arg("mode")); mode != "" {
		cf.setText("execution.checkpointing.mode", mode, c.Span.Pos())
	}
	return c.Self(), nil
}

// addJars notes Java archives in the configuration. Their paths are never
// opened, so one that is only known at start may be left out.
func addJars(key, param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		for _, v := range c.Elems(param) {
			if s, ok := v.(*pyeval.Str); ok {
				configOf(c.Self()).append(key, s.String(), c.Span.Pos())
			}
		}
		return pyeval.None, nil
	}
}
