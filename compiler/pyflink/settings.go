package pyflink

import (
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
)

// Entries that name the catalog and the database that there are at first.
const (
	builtInCatalog  = "table.builtin-catalog-name"
	builtInDatabase = "table.builtin-database-name"
)

// builderText is a step of the builder that sets an entry.
func builderText(key, param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		configOf(c.Self()).setText(key, c.Str(param), c.Where(param).Pos())
		return c.Self(), nil
	}
}

// orElse is an entry that is known at build, or another text.
func (cf *config) orElse(key, otherwise string) string {
	if t := cf.text(key); t != "" {
		return t
	}
	return otherwise
}

// modeKey is the configuration entry that chooses streaming or batch.
const modeKey = "execution.runtime-mode"

// settingsClass and its builder carry a *config.
var (
	settingsClass = pyeval.NewClass("pyflink.table.environment_settings", "EnvironmentSettings")
	builderClass  = pyeval.NewClass("pyflink.table.environment_settings", "Builder")
)

func init() {
	declare(settingsClass, "What a table environment is made from.",
		onClass("new_instance()", "A builder of settings.", func(*pyeval.Call) (pyeval.Value, error) {
			return builderClass.Make(newConfig()), nil
		}),
		onClass("in_streaming_mode()", "Settings for unbounded input.", settingsIn("STREAMING")),
		onClass("in_batch_mode()", "Settings for bounded input.", settingsIn("BATCH")),
		onClass("from_configuration(config: Configuration)", "Settings with entries.", func(c *pyeval.Call) (pyeval.Value, error) {
			return settingsClass.Make(configOf(c.Arg("config"))), nil
		}),
		def("is_streaming_mode(self)", "Whether the mode is streaming.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.Bool(!configOf(c.Self()).batch()), nil
		}),
		def("get_built_in_catalog_name(self)", "The catalog that there is at first.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(configOf(c.Self()).orElse(builtInCatalog, bind.DefaultCatalog)), nil
		}),
		def("get_built_in_database_name(self)", "Its database.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(configOf(c.Self()).orElse(builtInDatabase, bind.DefaultDatabase)), nil
		}),
		def("to_configuration(self)", "The entries.", func(c *pyeval.Call) (pyeval.Value, error) {
			return configurationClass.Make(configOf(c.Self())), nil
		}),
		def("get_configuration(self)", "The entries.", func(c *pyeval.Call) (pyeval.Value, error) {
			return configurationClass.Make(configOf(c.Self())), nil
		}),
	)
	nest(settingsClass, builderClass)
	same := func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }
	declare(builderClass, "Makes EnvironmentSettings.",
		def("__init__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = newConfig()
			return pyeval.None, nil
		}),
		def("in_streaming_mode(self)", "Chooses unbounded input.", builderIn("STREAMING")),
		def("in_batch_mode(self)", "Chooses bounded input.", builderIn("BATCH")),
		def("use_blink_planner(self)", "Chooses the planner that is the only one today.", same),
		def("use_old_planner(self)", "Chose the planner of Flink 1.8; queries mean the same.", same),
		def("use_any_planner(self)", "Leaves the planner open.", same),
		def("with_configuration(self, config: Configuration)", "Takes over entries.", func(c *pyeval.Call) (pyeval.Value, error) {
			configOf(c.Self()).addAll(configOf(c.Arg("config")), "")
			return c.Self(), nil
		}),
		def("with_built_in_catalog_name(self, built_in_catalog_name: str)", "Names the catalog that there is at first.", builderText(builtInCatalog, "built_in_catalog_name")),
		def("with_built_in_database_name(self, built_in_database_name: str)", "Names its database.", builderText(builtInDatabase, "built_in_database_name")),
		def("build(self)", "The settings.", func(c *pyeval.Call) (pyeval.Value, error) {
			return settingsClass.Make(configOf(c.Self())), nil
		}),
	)
}

// batch reports whether the entries choose bounded input.
func (cf *config) batch() bool { return strings.EqualFold(cf.text(modeKey), "BATCH") }

func settingsIn(mode string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		cf := newConfig()
		cf.setText(modeKey, mode, c.Span.Pos())
		return settingsClass.Make(cf), nil
	}
}

func builderIn(mode string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		configOf(c.Self()).setText(modeKey, mode, c.Span.Pos())
		return c.Self(), nil
	}
}
