package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// job is the compiled job at work.
type job struct {
	cmd   *exec.Cmd
	log   string     // file of its log, the worker's lines among it
	ended chan error // what it ended with
}

// startJob runs the binary and waits until it reads and can write.
func (r *run) startJob(ctx context.Context) error {
	if err := r.python(); err != nil {
		return err
	}
	ready := filepath.Join(r.dir, "ready")
	j := &job{log: filepath.Join(r.dir, "job.log"), ended: make(chan error, 1)}
	j.cmd = exec.Command(r.binary,
		"--checkpoint-dir", filepath.Join(r.dir, "checkpoints"), "--restore", "none", "--wait-ready", ready,
		"--set", sourceName+".connector.topic="+r.kafka.name,
		"--set", sourceName+".connector.properties.bootstrap.servers="+r.kafka.addr,
		"--set", sinkName+".connector.url=jdbc:mysql://"+r.db.address+"/"+r.db.database,
		"--set", sinkName+".connector.table="+r.db.name,
		"--set", sinkName+".connector.username="+r.db.user)
	// A password isn't for the list of processes.
	j.cmd.Env = append(os.Environ(), "http_proxy=http://"+r.lookup.Addr, "no_proxy=",
		"PYFC_SET="+sinkName+".connector.password="+r.db.password)
	j.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C reaches it by us
	file, err := os.Create(j.log)
	if err != nil {
		return err
	}
	defer file.Close()
	j.cmd.Stdout, j.cmd.Stderr = file, file
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := j.cmd.Start(); err != nil {
		return err
	}
	go func() { j.ended <- j.cmd.Wait() }()
	r.job = j
	deadline := time.After(preparing)
	for {
		if _, err := os.Stat(ready); err == nil {
			return os.Remove(ready)
		}
		select {
		case err := <-j.ended:
			return j.fault(err)
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("the job isn't ready after %v%s", preparing, j.tail())
		case <-time.After(50 * time.Millisecond): // a file appears; nothing tells of it
		}
	}
}

// fault is what a job that has ended by itself leaves to say.
func (j *job) fault(err error) error {
	j.cmd = nil
	return fmt.Errorf("the job ended: %v%s", err, j.tail())
}

// tail is the end of the log.
func (j *job) tail() string {
	data, err := os.ReadFile(j.log)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return "\n" + strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// stop ends the job as an operator would, by SIGTERM.
func (j *job) stop() error {
	if err := j.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := <-j.ended; err != nil {
		return j.fault(err)
	}
	j.cmd = nil
	return nil
}

// kill ends a job that is still there.
func (j *job) kill() {
	if j.cmd != nil {
		_ = j.cmd.Process.Kill()
		<-j.ended
	}
}
