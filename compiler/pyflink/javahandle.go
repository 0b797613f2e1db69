package pyflink

import "pyfc/compiler/pyeval"

// The objects of PyFlink's Java process by which scripts set the parallelism of
// a table environment, where the Table API had no other way to:
// t_env._j_tenv.getPlanner().getExecEnv().setParallelism(1). Their other members
// are refused. Each carries the job's *config.
var (
	javaTableEnvClass  = pyeval.NewClass("pyflink", "JavaTableEnvironment")
	javaPlannerClass   = pyeval.NewClass("pyflink", "JavaPlanner")
	javaStreamEnvClass = pyeval.NewClass("pyflink", "JavaStreamExecutionEnvironment")
)

func init() {
	to := func(class *pyeval.Class) pyeval.NativeFunc {
		return func(c *pyeval.Call) (pyeval.Value, error) { return class.Make(configOf(c.Self())), nil }
	}
	tables := get("_j_tenv", "The Java object behind it, for the parallelism alone.", func(c *pyeval.Call) (pyeval.Value, error) {
		return javaTableEnvClass.Make(runOf(c).config), nil
	})
	for _, class := range []*pyeval.Class{tableEnvClass, streamTableEnvClass, batchTableEnvClass} {
		addTo(class, tables)
	}
	for class, members := range map[*pyeval.Class][]member{
		javaTableEnvClass: {def("getPlanner(self)", "", to(javaPlannerClass))},
		javaPlannerClass:  {def("getExecEnv(self)", "", to(javaStreamEnvClass))},
		javaStreamEnvClass: {
			def("setParallelism(self, parallelism: int)", "", configMethod("parallelism.default", "")),
			def("setMaxParallelism(self, parallelism: int)", "", configMethod("pipeline.max-parallelism", "")),
			def("getParallelism(self)", "", getNumber("parallelism.default", 1)),
		},
	} {
		for _, m := range append(members, def("__getattr__(self, name: str)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return nil, javaRefusal(c.At.Pos(), c.Str("name"))
		})) {
			addTo(class, m)
		}
	}
}
