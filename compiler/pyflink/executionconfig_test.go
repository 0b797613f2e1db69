package pyflink

import "testing"

// TestExecutionConfig compares with what PyFlink 1.20.1 prints.
func TestExecutionConfig(t *testing.T) {
	res := script(t, tables+`
from pyflink.datastream import StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
c = env.get_config()
def show():
    print(c.get_max_parallelism(), c.get_auto_watermark_interval(), c.get_latency_tracking_interval(), c.is_object_reuse_enabled(),
          c.is_closure_cleaner_enabled(), c.has_generic_types_disabled(), c.has_auto_generated_uids_enabled(), c.is_force_kryo_enabled(),
          c.is_force_avro_enabled(), c.get_task_cancellation_interval(), c.get_task_cancellation_timeout(),
          c.is_auto_type_registration_disabled())
show()
c.set_parallelism(3).set_max_parallelism(5).set_auto_watermark_interval(100).enable_object_reuse().disable_closure_cleaner()
c.disable_generic_types().disable_auto_generated_uids().set_task_cancellation_timeout(5).enable_force_kryo().enable_force_avro()
c.set_global_job_parameters({'a': 'b'}).disable_auto_type_registration().set_latency_tracking_interval(7).set_task_cancellation_interval(9)
show()
print(env.get_parallelism(), c.get_parallelism())
t_env.from_path('src').select('a, b').execute_insert('snk')
`, nil)
	want := []string{
		"-1 200 0 False True False True False False 30000 180000 False\n",
		"5 100 7 True False True False True True 9 5 True\n",
		"3 3\n",
	}
	if len(res.Diags) > 0 || len(res.Job.Actions) != len(want)+1 {
		t.Fatalf("%d actions, %v", len(res.Job.Actions), res.Diags)
	}
	for i, w := range want {
		if got, _ := res.Job.Actions[i].Print.Const(); got != w {
			t.Errorf("got %q, want %q", got, w)
		}
	}
}
