package demo

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"pyfc/codegen/gobuild"
)

// servers is the process that stands in for Kafka and MySQL where no real ones
// are given.
type servers struct {
	Kafka string `json:"kafka"` // HOST:PORT
	MySQL string `json:"mysql"` // USER:PASSWORD@HOST:PORT/DATABASE
	cmd   *exec.Cmd
	stdin io.Closer
}

// standIns compiles the program that serves the protocols, where it must be. Its
// largest modules need not be fast.
func standIns(root string) (program string, err error) {
	return gobuild.Program(filepath.Join(root, "demo", "servers"), "github.com/dolthub/...", "github.com/twmb/...", "github.com/tetratelabs/...")
}

// startServers runs the program that serves the protocols.
func startServers(program string, kafka, mysql bool) (*servers, error) {
	s := &servers{cmd: exec.Command(program, fmt.Sprintf("-kafka=%v", kafka), fmt.Sprintf("-mysql=%v", mysql))}
	s.cmd.Stderr = os.Stderr
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the job first
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.stdin = stdin
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, s)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("the servers didn't start: %w", err)
	}
	return s, nil
}

// close ends the servers and waits for that; they hold nothing that is needed
// any more.
func (s *servers) close() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait()
}
