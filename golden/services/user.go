package services

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Database servers refuse to run as root. There their processes and folders
// belong to the user that the Debian package made for them; else to us.

// ServiceDir returns a folder for a server's files, owned by its user and
// removed after the test. Its path is short, since a socket's must be.
func ServiceDir(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pyfc-"+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if cred := serviceUser(t, name); cred != nil {
		if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asServiceUser makes cmd run as the given user if we are root.
func asServiceUser(t testing.TB, cmd *exec.Cmd, name string) {
	t.Helper()
	if cred := serviceUser(t, name); cred != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
		cmd.Dir = "/"
	}
}

// serviceUser returns nil if we aren't root, or are root only in a user
// namespace of our own, in which no other user exists.
func serviceUser(t testing.TB, name string) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		Missing(t, "as root, a server needs the user %s, which doesn't exist", name)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	if !mapped(t, uid) {
		return nil
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// mapped reports whether our user namespace has the user.
func mapped(t testing.TB, uid uint64) bool {
	t.Helper()
	ranges, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(ranges)) {
		var first, outside, count uint64
		if _, err := fmt.Sscan(line, &first, &outside, &count); err != nil {
			t.Fatal(err)
		}
		if first <= uid && uid < first+count {
			return true
		}
	}
	return false
}
