package golden

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// inNamespace marks a test process that runs in a network namespace of its
// own, where the well-known ports are free.
const inNamespace = "PYFC_NETNS"

func TestMain(m *testing.M) {
	if root := os.Getenv(inContainer); root != "" {
		fmt.Fprintln(os.Stderr, "container:", enterContainer(root, os.Args[1:]))
		os.Exit(1)
	}
	if os.Getenv(inNamespace) != "" {
		if err := loopbackUp(); err != nil {
			fmt.Fprintln(os.Stderr, "loopback:", err)
			os.Exit(1)
		}
	}
	code := m.Run()
	fmt.Print(closing)
	os.Exit(code)
}

// closing is what a test leaves for the end of the log.
var closing string

// loopbackUp switches the loopback interface of a new namespace on.
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo)
}

// namespaced runs the test again in a child process with a network namespace
// of its own and reports how that went. It returns false where the kernel
// doesn't permit that, and in the child itself.
func namespaced(t *testing.T) (done bool) {
	t.Helper()
	if os.Getenv(inNamespace) != "" {
		return false
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt) // the child gets them, too
	defer signal.Stop(interrupts)
	err := cmd.Run()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return true
	case errors.As(err, &failed):
		t.Errorf("in a network namespace: %v", err)
		return true
	}
	t.Logf("no network namespace here (%v): free ports instead", err)
	return false
}
