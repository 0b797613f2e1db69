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
	{checkpointConfigClass, "set_checkpoint_storage_dir(self, checkpoint_path: text)", "execution.checkpointing.dir", "", "Has no effect: --checkpoint-dir of the binary says where checkpoints are kept."},
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
			def("get_stream_time_characteristic(self)", "What a table's time is without a declaration.", func(*pyeval.Call) (pyeval.Value, error) {
				return constantClass.Make("TimeCharacteristic.ProcessingTime"), nil
			}),
			def("execute(self, job_name: str|None = None)", "Submits the insertions kept so far as one job.", executeKept),
			def("get_parallelism(self)", "The number of shards.", getNumber("parallelism.default", 1)),
			def("get_max_parallelism(self)", "The number of key groups.", getNumber("pipeline.max-parallelism", -1)),
			def("set_restart_strategy(self, restart_strategy_configuration)", "Says what follows on a failure; a binary is restarted from outside.", setRestartStrategy),
			def("get_restart_strategy(self)", "What follows on a failure.", restartStrategy),
			def("get_config(self)", "The settings of the job.", executionConfig),
		},
	}
	environment, settings := checkpointMembers()
	members[streamEnvClass] = append(members[streamEnvClass], environment...)
	members[checkpointConfigClass] = settings
	for _, m := range configMethods {
		members[m.class] = append(members[m.class], def(m.sig, m.doc, configMethod(m.key, m.unit)))
	}
	members[streamEnvClass] = append(append(members[streamEnvClass], dependencyMembers...), javaTypes()...)
	batch := []member{
		onClass("get_execution_environment()", "The environment.", func(c *pyeval.Call) (pyeval.Value, error) {
			return batchEnvClass.Make(runOf(c).config), nil
		}),
		def("set_parallelism(self, parallelism: int)", "Sets the number of shards.", configMethod("parallelism.default", "")),
		def("get_parallelism(self)", "The number of shards.", getNumber("parallelism.default", 1)),
		def("execute(self, job_name: str|None = None)", "Submits the insertions kept so far as one job.", executeKept),
		def("set_restart_strategy(self, restart_strategy_configuration)", "Says what follows on a failure; a binary is restarted from outside.", setRestartStrategy),
		def("get_restart_strategy(self)", "What follows on a failure.", restartStrategy),
		def("get_config(self)", "The settings of the job.", executionConfig),
	}
	declare(batchEnvClass, "The environment in which a job over bounded input runs.", append(batch, javaTypes()...)...)
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
	if runOf(c).made {
		cf = newConfig()
	}
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

// setting is an entry of the configuration that a value stands for.
type setting struct{ key, value string }

// The strategies of restarts carry the settings that they stand for.
var (
	restartsClass = pyeval.NewClass("pyflink.common.restart_strategy", "RestartStrategies")
	restartClass  = pyeval.NewClass("pyflink.common.restart_strategy", "RestartStrategyConfiguration")
)

func init() {
	strategy := func(kind string, params pyeval.Named[string]) pyeval.NativeFunc {
		return func(c *pyeval.Call) (pyeval.Value, error) {
			out := []setting{{"restart-strategy.type", kind}}
			for param, key := range params.All() {
				text, err := countOrTime(c, param, key == "attempts" || key == "max-failures-per-interval")
				if err != nil {
					return nil, err
				}
				out = append(out, setting{"restart-strategy." + kind + "." + key, text})
			}
			return restartClass.Make(out), nil
		}
	}
	declare(restartClass, "What follows on a failure.")
	declare(restartsClass, "The strategies of restarts.",
		onClass("no_restart()", "The job ends.", strategy("none", nil)),
		onClass("fall_back_restart()", "What the cluster has.", func(*pyeval.Call) (pyeval.Value, error) { return restartClass.Make([]setting(nil)), nil }),
		onClass("fixed_delay_restart(restart_attempts: int, delay_between_attempts)", "So many restarts, each after a time in milliseconds.",
			strategy("fixed-delay", pyeval.Named[string]{{"restart_attempts", "attempts"}, {"delay_between_attempts", "delay"}})),
		onClass("failure_rate_restart(failure_rate: int, failure_interval, delay_interval)", "Restarts as long as failures are rare enough.",
			strategy("failure-rate", pyeval.Named[string]{{"failure_rate", "max-failures-per-interval"}, {"failure_interval", "failure-rate-interval"}, {"delay_interval", "delay"}})),
	)
}

// countOrTime is a number, or a time: milliseconds or a timedelta.
func countOrTime(c *pyeval.Call, param string, isCount bool) (string, error) {
	n, isInt := c.Arg(param).(pyeval.Int)
	switch {
	case isInt && isCount:
		return n.String(), nil
	case isInt:
		return n.String() + " ms", nil
	}
	ms, err := milliseconds(c, param)
	return durationText(ms), err
}

func setRestartStrategy(c *pyeval.Call) (pyeval.Value, error) {
	settings, ok := pyeval.Data[[]setting](c.Arg("restart_strategy_configuration"))
	if !ok {
		return nil, argument(c.Where("restart_strategy_configuration").Pos(), "set_restart_strategy takes one of RestartStrategies")
	}
	for _, s := range settings {
		configOf(c.Self()).setText(s.key, s.value, c.Span.Pos())
	}
	return c.Self(), nil
}
