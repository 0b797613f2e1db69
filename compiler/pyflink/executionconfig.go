package pyflink

import (
	"strconv"

	"pyfc/compiler/pyeval"
)

// executionConfigClass is what get_config() of an environment gives: the same
// entries by methods of their own.
var executionConfigClass = pyeval.NewClass("pyflink.common.execution_config", "ExecutionConfig")

// executionNumbers are its numbers, with the values that PyFlink has unless they
// are set.
var executionNumbers = []struct {
	name, key, unit, param string
	otherwise              int64
	doc                    string
}{
	{"parallelism", "parallelism.default", "", "parallelism", 1, "The number of shards."},
	{"max_parallelism", "pipeline.max-parallelism", "", "max_parallelism", -1, "The number of key groups."},
	{"auto_watermark_interval", "pipeline.auto-watermark-interval", " ms", "interval", 200, "Milliseconds between watermarks."},
	{"latency_tracking_interval", "metrics.latency.interval", " ms", "interval", 0, "Milliseconds between marks of latency; has no effect here."},
	{"task_cancellation_interval", "task.cancellation.interval", " ms", "interval", 30_000, "Has no effect here."},
	{"task_cancellation_timeout", "task.cancellation.timeout", " ms", "timeout", 180_000, "Has no effect here."},
}

// executionSwitches are what it turns on and off. What they say of Java objects
// has no meaning in a binary.
var executionSwitches = []struct {
	name, asked, key string
	on, off          string // values of the entry
	otherwise        bool
	negated          bool // whether it is asked for the switch being off
}{
	{"object_reuse", "is_object_reuse_enabled", "pipeline.object-reuse", "true", "false", false, false},
	{"closure_cleaner", "is_closure_cleaner_enabled", "pipeline.closure-cleaner-level", "RECURSIVE", "NONE", true, false},
	{"generic_types", "has_generic_types_disabled", "pipeline.generic-types", "true", "false", true, true},
	{"auto_generated_uids", "has_auto_generated_uids_enabled", "pipeline.auto-generate-uids", "true", "false", true, false},
	{"force_kryo", "is_force_kryo_enabled", "pipeline.force-kryo", "true", "false", false, false},
	{"force_avro", "is_force_avro_enabled", "pipeline.force-avro", "true", "false", false, false},
	{"auto_type_registration", "is_auto_type_registration_disabled", "pipeline.auto-type-registration", "true", "false", true, true},
}

func init() {
	same := func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }
	members := []member{
		def("set_restart_strategy(self, restart_strategy_configuration)", "Says what follows on a failure; a binary is restarted from outside.", setRestartStrategy),
		def("get_restart_strategy(self)", "What follows on a failure.", restartStrategy),
		def("set_global_job_parameters(self, global_job_parameters_dict: dict)", "Has no effect; a page of Flink shows them.", same),
	}
	for _, n := range executionNumbers {
		members = append(members,
			def("get_"+n.name+"(self)", n.doc, func(c *pyeval.Call) (pyeval.Value, error) {
				return pyeval.NewInt(configOf(c.Self()).number(n.key, n.unit, n.otherwise)), nil
			}),
			def("set_"+n.name+"(self, "+n.param+": int)", n.doc, configMethod(n.key, n.unit)))
	}
	for _, s := range executionSwitches {
		turn := func(value string) pyeval.NativeFunc {
			return func(c *pyeval.Call) (pyeval.Value, error) {
				configOf(c.Self()).setText(s.key, value, c.Span.Pos())
				return c.Self(), nil
			}
		}
		members = append(members,
			def("enable_"+s.name+"(self)", "Has no effect here.", turn(s.on)),
			def("disable_"+s.name+"(self)", "Has no effect here.", turn(s.off)),
			def(s.asked+"(self)", "Whether it was turned so.", func(c *pyeval.Call) (pyeval.Value, error) {
				on := s.otherwise
				if set := configOf(c.Self()).text(s.key); set != "" {
					on = set == s.on
				}
				return pyeval.Bool(on != s.negated), nil
			}))
	}
	for _, sig := range []string{"add_default_kryo_serializer(self, type_class_name, serializer_class_name)",
		"register_type_with_kryo_serializer(self, type_class_name, serializer_class_name)",
		"register_pojo_type(self, type_class_name)", "register_kryo_type(self, type_class_name)"} {
		members = append(members, def(sig, "Has no effect; it is about Java objects.", same))
	}
	declare(executionConfigClass, "The settings of a job, by methods.", members...)
}

// number is an entry that is a number, with a unit behind it.
func (cf *config) number(key, unit string, otherwise int64) int64 {
	text := cf.text(key)
	if n, err := strconv.ParseInt(text[:max(len(text)-len(unit), 0)], 10, 64); err == nil {
		return n
	}
	return otherwise
}

// executionConfig is get_config() of an environment.
func executionConfig(c *pyeval.Call) (pyeval.Value, error) {
	return executionConfigClass.Make(configOf(c.Self())), nil
}

func restartStrategy(c *pyeval.Call) (pyeval.Value, error) {
	kind := configOf(c.Self()).text("restart-strategy.type")
	if kind == "" {
		return pyeval.None, nil
	}
	return restartClass.Make([]setting{{"restart-strategy.type", kind}}), nil
}

// javaTypes are methods of an environment that register Java classes: a script
// of the Table API has nothing that would be of one.
func javaTypes() []member {
	var out []member
	for _, sig := range []string{"register_type(self, type_class_name)", "register_type_with_kryo_serializer(self, type_class_name, serializer_class_name)",
		"add_default_kryo_serializer(self, type_class_name, serializer_class_name)"} {
		out = append(out, def(sig, "Has no effect; it is about Java objects.", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }))
	}
	return out
}
