package pyflink

import (
	"os"
	"path/filepath"
	"testing"

	"pyfc/compiler/pyeval"
)

// TestCheckpointing sets all there is about state and checkpoints, and compares
// with what PyFlink 1.20.1 answers.
func TestCheckpointing(t *testing.T) {
	res := script(t, tables+`
from pyflink.common import Duration
from pyflink.datastream import *
from pyflink.datastream.state_backend import *
from pyflink.datastream.checkpoint_storage import *
env = StreamExecutionEnvironment.get_execution_environment()
c = env.get_checkpoint_config()
def show():
    print(c.is_checkpointing_enabled(), c.get_checkpoint_interval(), c.get_checkpoint_timeout(), c.get_min_pause_between_checkpoints(),
          c.get_max_concurrent_checkpoints(), c.is_fail_on_checkpointing_errors(), c.get_tolerable_checkpoint_failure_number(),
          c.is_externalized_checkpoints_enabled(), c.is_unaligned_checkpoints_enabled(), c.is_force_unaligned_checkpoints(),
          c.get_checkpointing_mode() == CheckpointingMode.EXACTLY_ONCE)
    print(env.get_checkpoint_interval(), env.is_unaligned_checkpoints_enabled(), env.is_force_unaligned_checkpoints(), env.get_buffer_timeout(),
          env.is_changelog_state_backend_enabled(), c.get_externalized_checkpoint_cleanup() == ExternalizedCheckpointCleanup.NO_EXTERNALIZED_CHECKPOINTS)
show()
env.enable_checkpointing(1000).set_buffer_timeout(7)
print(c.enable_externalized_checkpoints(ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION) is c)
c.set_min_pause_between_checkpoints(3).set_checkpoint_timeout(90).set_max_concurrent_checkpoints(2)
show()
c.enable_unaligned_checkpoints().set_alignment_timeout(Duration.of_millis(30)).set_force_unaligned_checkpoints(True)
env.set_state_backend(HashMapStateBackend()).enable_changelog_state_backend(True)
c.set_checkpoint_storage(FileSystemCheckpointStorage("file:///tmp/x")).set_fail_on_checkpointing_errors(False)
show()
c.disable_unaligned_checkpoints().set_externalized_checkpoint_cleanup(ExternalizedCheckpointCleanup.DELETE_ON_CANCELLATION)
c.set_fail_on_checkpointing_errors(True).set_checkpoint_storage(JobManagerCheckpointStorage())
env.set_state_backend(MemoryStateBackend()).set_state_backend(EmbeddedRocksDBStateBackend()).set_default_local_parallelism(1)
env.set_state_backend(RocksDBStateBackend(enable_incremental_checkpointing=True, checkpoint_stream_backend=FsStateBackend("file:///tmp/y")))
show()
t_env = StreamTableEnvironment.create(env)
t_env.execute_sql("CREATE TABLE snk (a BIGINT, b STRING) WITH ('connector' = 'print')")
t_env.sql_query("SELECT 1 AS a, 'x' AS b").select('a, b').execute_insert('snk')
`, nil)
	want := []string{
		"False -1 600000 0 1 True 0 False False False True\n", "-1 False False 100 False True\n",
		"True\n",
		"True 1000 90 3 2 True 0 True False False True\n", "1000 False False 7 False False\n",
		"True 1000 90 3 2 False 2147483647 True True True True\n", "1000 True True 7 True False\n",
		"True 1000 90 3 2 True 0 True False True True\n", "1000 False True 7 True False\n",
	}
	if len(res.Diags) > 0 || len(res.Job.Actions) != len(want)+1 {
		t.Fatalf("%d actions, %v", len(res.Job.Actions), res.Diags)
	}
	for i, w := range want {
		if got, _ := res.Job.Actions[i].Print.Const(); got != w {
			t.Errorf("got %q, want %q", got, w)
		}
	}
	set := map[string]string{}
	for _, s := range submissions(res.Job)[0].Config {
		set[s.Key], _ = s.Value.Const()
	}
	for key, w := range map[string]string{checkpointDir: "file:///tmp/y", storageKey: "jobmanager", backendKey: "rocksdb", incrementKey: "true"} {
		if set[key] != w {
			t.Errorf("%s is %q, want %q", key, set[key], w)
		}
	}
}

// TestLimits limits what SQL has limited already, as PyFlink 1.20.1 does.
func TestLimits(t *testing.T) {
	accepted(t, script(t, tables+`
t_env.sql_query("SELECT a, b FROM src LIMIT 10").limit(5).execute_insert("snk")
`, nil))
	res := script(t, tables+`
t_env.sql_query("SELECT a, b FROM src LIMIT 10").limit(5).limit(2).execute_insert("snk")
`, nil)
	if len(res.Diags) != 1 || res.Diags[0].Message != "the number of rows is limited already" {
		t.Errorf("got %v", res.Diags)
	}
}

// TestRecordsWhatIsRefused tells a Recorder of a call whose argument isn't known.
func TestRecordsWhatIsRefused(t *testing.T) {
	var names []string
	job := filepath.Join(t.TempDir(), "job.py")
	if err := os.WriteFile(job, []byte(tables+`
from nowhere import Sink
names = Sink()
t_env.register_table_sink("k", Sink())
t_env.register_table_sink("l", [names.first])
`), 0o644); err != nil {
		t.Fatal(err)
	}
	evaluate(t, Options{Script: job, Recorder: func(_ *pyeval.Thread, r pyeval.Record) { names = append(names, r.Name) }})
	n := 0
	for _, name := range names {
		if name == "register_table_sink" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("recorded %v", names)
	}
}
