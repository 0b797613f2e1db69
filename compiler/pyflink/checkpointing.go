package pyflink

import (
	"strconv"

	"pyfc/compiler/pyeval"
)

// The state backends and storages of checkpoints carry the entries of the
// configuration that they stand for, as []choice. A binary has one way of keeping
// state, and its own option for the folder of checkpoints.
var (
	stateBackendClass = pyeval.NewClass("pyflink.datastream.state_backend", "StateBackend")
	storageClass      = pyeval.NewClass("pyflink.datastream.checkpoint_storage", "CheckpointStorage")
)

// choice is an entry of the configuration; its value may be known only at start.
type choice struct {
	key   string
	value pyeval.Value
}

const (
	checkpointDir = "execution.checkpointing.dir"
	storageKey    = "execution.checkpointing.storage"
	backendKey    = "state.backend.type"
	incrementKey  = "execution.checkpointing.incremental"
)

// stateChoices are the classes of state backends and storages. An argument that
// params doesn't name is about Java's memory; one without a key is a backend
// whose entries are taken.
var stateChoices = []struct {
	base      *pyeval.Class
	name, sig string
	fixed     setting
	params    []setting // parameter and key
	doc       string
}{
	{stateBackendClass, "HashMapStateBackend", "j_hashmap_state_backend = None", setting{backendKey, "hashmap"}, nil, "State in memory."},
	{stateBackendClass, "EmbeddedRocksDBStateBackend", "enable_incremental_checkpointing: bool|None = None, j_embedded_rocks_db_state_backend = None",
		setting{backendKey, "rocksdb"}, []setting{{"enable_incremental_checkpointing", incrementKey}}, "State on disk."},
	{stateBackendClass, "MemoryStateBackend", "checkpoint_path = None, savepoint_path = None, max_state_size = None, using_asynchronous_snapshots = None, j_memory_state_backend = None",
		setting{backendKey, "hashmap"}, []setting{{"checkpoint_path", checkpointDir}}, "State in memory."},
	{stateBackendClass, "FsStateBackend", "checkpoint_directory_uri = None, default_savepoint_directory_uri = None, file_state_size_threshold = None, write_buffer_size = None, using_asynchronous_snapshots = None, j_fs_state_backend = None",
		setting{backendKey, "hashmap"}, []setting{{"checkpoint_directory_uri", checkpointDir}, {"default_savepoint_directory_uri", "execution.checkpointing.savepoint-dir"}}, "State in memory, checkpoints in files."},
	{stateBackendClass, "RocksDBStateBackend", "checkpoint_data_uri = None, enable_incremental_checkpointing: bool|None = None, checkpoint_stream_backend: StateBackend|None = None, j_rocks_db_state_backend = None",
		setting{backendKey, "rocksdb"}, []setting{{"checkpoint_data_uri", checkpointDir}, {"enable_incremental_checkpointing", incrementKey}, {"checkpoint_stream_backend", ""}}, "State on disk, checkpoints in files."},
	{storageClass, "JobManagerCheckpointStorage", "checkpoint_path = None, max_state_size = None, j_jobmanager_checkpoint_storage = None",
		setting{storageKey, "jobmanager"}, []setting{{"checkpoint_path", checkpointDir}}, "Checkpoints in the memory of Flink's job manager."},
	{storageClass, "FileSystemCheckpointStorage", "checkpoint_path = None, file_state_size_threshold = None, write_buffer_size: int = -1, j_filesystem_checkpoint_storage = None",
		setting{storageKey, "filesystem"}, []setting{{"checkpoint_path", checkpointDir}}, "Checkpoints in files."},
}

func init() {
	nothing := func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }
	declare(stateBackendClass, "Where state is kept; a binary has its own way.")
	declare(storageClass, "Where checkpoints are kept.")
	for _, s := range stateChoices {
		members := []member{def("__init__(self, "+s.sig+")", "", stateChoice(s.fixed, s.params))}
		if s.fixed.value == "rocksdb" {
			for _, sig := range []string{"set_db_storage_paths(self, *paths)", "set_predefined_options(self, options)"} {
				members = append(members, def(sig, "Has no effect here.", nothing))
			}
		}
		declare(pyeval.NewClass(s.base.ModuleName(), s.name, s.base), s.doc, members...)
	}
}

// checkpointMembers are methods about state and checkpoints, of the environment
// and of its settings.
func checkpointMembers() (environment, settings []member) {
	same := func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }
	number := func(sig, key string, otherwise int64, doc string) member {
		return def(sig, doc, func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewInt(configOf(c.Self()).duration(key, otherwise)), nil
		})
	}
	word := func(sig, key, kind, otherwise, doc string) member {
		return def(sig, doc, func(c *pyeval.Call) (pyeval.Value, error) {
			name := configOf(c.Self()).text(key)
			if name == "" {
				name = otherwise
			}
			return constantClass.Make(kind + "." + name), nil
		})
	}
	flag := func(sig, key, doc string) member {
		return def(sig, doc, func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.Bool(configOf(c.Self()).text(key) == "true"), nil
		})
	}
	turn := func(sig, key string, doc string) member {
		return def(sig, doc, func(c *pyeval.Call) (pyeval.Value, error) {
			configOf(c.Self()).setText(key, strconv.FormatBool(c.Bool("enabled")), c.Span.Pos())
			return c.Self(), nil
		})
	}
	const (
		prefix    = "execution.checkpointing."
		cleanup   = prefix + "externalized-checkpoint-retention"
		unaligned = prefix + "unaligned.enabled"
		forced    = prefix + "unaligned.forced"
		failures  = prefix + "tolerable-failed-checkpoints"
		changelog = "state.changelog.enabled"
		never     = "NO_EXTERNALIZED_CHECKPOINTS"
	)
	both := []member{ // of the environment and of its settings of checkpoints
		number("get_checkpoint_interval(self)", prefix+"interval", -1, "Milliseconds between checkpoints, -1 without any."),
		word("get_checkpointing_mode(self)", prefix+"mode", "CheckpointingMode", "EXACTLY_ONCE", "The guarantee of checkpoints."),
		flag("is_unaligned_checkpoints_enabled(self)", unaligned, "Whether barriers may overtake rows."),
		flag("is_force_unaligned_checkpoints(self)", forced, "Whether they always may."),
	}
	environment = append([]member{
		def("set_state_backend(self, state_backend: StateBackend)", "Has no effect: a binary has one way of keeping state, and --checkpoint-dir for checkpoints.", choose("state_backend")),
		turn("enable_changelog_state_backend(self, enabled: bool)", changelog, "Has no effect here."),
		flag("is_changelog_state_backend_enabled(self)", changelog, "Whether it was turned so."),
		def("set_default_local_parallelism(self, parallelism: int)", "Has no effect here.", same),
		number("get_buffer_timeout(self)", "execution.buffer-timeout", 100, "How long a row may wait for others, in milliseconds."),
	}, both...)
	settings = append([]member{
		def("set_checkpoint_storage(self, storage: CheckpointStorage)", "Has no effect: --checkpoint-dir of the binary says where checkpoints are kept.", choose("storage")),
		def("enable_externalized_checkpoints(self, cleanup_mode)", "Says what is left of checkpoints; a binary's stay until it ends well.", configMethod(cleanup, "")),
		def("set_externalized_checkpoint_cleanup(self, cleanup_mode)", "Says what is left of checkpoints; a binary's stay until it ends well.", configMethod(cleanup, "")),
		word("get_externalized_checkpoint_cleanup(self)", cleanup, "ExternalizedCheckpointCleanup", never, "What is left of checkpoints."),
		def("is_externalized_checkpoints_enabled(self)", "Whether checkpoints are left.", func(c *pyeval.Call) (pyeval.Value, error) {
			set := configOf(c.Self()).text(cleanup)
			return pyeval.Bool(set != "" && set != never), nil
		}),
		turn("enable_unaligned_checkpoints(self, enabled: bool = True)", unaligned, "Has no effect here."),
		def("disable_unaligned_checkpoints(self)", "Has no effect here.", func(c *pyeval.Call) (pyeval.Value, error) {
			configOf(c.Self()).setText(unaligned, "false", c.Span.Pos())
			return c.Self(), nil
		}),
		def("set_alignment_timeout(self, alignment_timeout)", "Has no effect here.", same),
		def("set_force_unaligned_checkpoints(self, force_unaligned_checkpoints: bool = True)", "Has no effect here.", func(c *pyeval.Call) (pyeval.Value, error) {
			configOf(c.Self()).setText(forced, strconv.FormatBool(c.Bool("force_unaligned_checkpoints")), c.Span.Pos())
			return c.Self(), nil
		}),
		def("set_fail_on_checkpointing_errors(self, fail_on_checkpointing_errors: bool)", "Sets whether no checkpoint may fail.", func(c *pyeval.Call) (pyeval.Value, error) {
			n := "2147483647"
			if c.Bool("fail_on_checkpointing_errors") {
				n = "0"
			}
			configOf(c.Self()).setText(failures, n, c.Span.Pos())
			return c.Self(), nil
		}),
		def("is_fail_on_checkpointing_errors(self)", "Whether no checkpoint may fail.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.Bool(configOf(c.Self()).duration(failures, 0) == 0), nil
		}),
		def("is_checkpointing_enabled(self)", "Whether there are checkpoints.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.Bool(configOf(c.Self()).duration(prefix+"interval", -1) > 0), nil
		}),
		number("get_checkpoint_timeout(self)", prefix+"timeout", 600_000, "How long a checkpoint may take, in milliseconds."),
		number("get_min_pause_between_checkpoints(self)", prefix+"min-pause", 0, "The pause after a checkpoint, in milliseconds."),
		number("get_max_concurrent_checkpoints(self)", prefix+"max-concurrent-checkpoints", 1, "How many checkpoints may overlap."),
		number("get_tolerable_checkpoint_failure_number(self)", failures, 0, "How many checkpoints may fail."),
	}, both...)
	return environment, settings
}

// stateChoice makes a state backend or a storage.
func stateChoice(fixed setting, params []setting) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		chosen := []choice{{fixed.key, pyeval.NewStr(fixed.value)}}
		for _, p := range params {
			switch v := c.Arg(p.key).(type) {
			case pyeval.NoneType:
			case pyeval.Bool:
				chosen = append(chosen, choice{p.value, pyeval.NewStr(strconv.FormatBool(bool(v)))})
			case *pyeval.Instance:
				files, _ := pyeval.Data[[]choice](v)
				chosen = append(files[:len(files):len(files)], chosen...)
			default:
				if _, err := textOf(v, c.Where(p.key).Pos()); err != nil {
					return nil, err
				}
				chosen = append(chosen, choice{p.value, v})
			}
		}
		c.Self().(*pyeval.Instance).Data = chosen
		return pyeval.None, nil
	}
}

// choose is a method that takes over what a state backend or a storage stands for.
func choose(param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		chosen, _ := pyeval.Data[[]choice](c.Arg(param))
		for _, e := range chosen {
			if err := configOf(c.Self()).set(e.key, e.value, c.Where(param).Pos()); err != nil {
				return nil, err
			}
		}
		return c.Self(), nil
	}
}
