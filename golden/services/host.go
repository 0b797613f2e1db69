package services

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

// Host is the testing.TB of a program that is no test: servers are started with
// one. A failure is a panic that Guard turns into an error.
type Host struct {
	testing.TB // has a method that only package testing can implement
	cleanups   []func()
}

// failure is what Fatal panics with.
type failure struct{ error }

// Guard runs f with a host and then what f left to be cleaned up.
func Guard(f func(*Host) error) (err error) {
	h := &Host{}
	defer h.cleanUp(&err)
	defer h.recovered(&err)
	return f(h)
}

func (h *Host) recovered(err *error) {
	switch p := recover().(type) {
	case nil:
	case failure:
		*err = p.error
	default:
		panic(p)
	}
}

func (h *Host) cleanUp(err *error) {
	for i := len(h.cleanups) - 1; i >= 0; i-- {
		func() {
			defer func(before error) { *err = errors.Join(before, *err) }(*err)
			*err = nil
			defer h.recovered(err)
			h.cleanups[i]()
		}()
	}
}

// Helper does nothing: failures have no place in a source file.
func (h *Host) Helper() {}

// Cleanup has f called when Guard's function has returned, the last one first.
func (h *Host) Cleanup(f func()) { h.cleanups = append(h.cleanups, f) }

// Fatal ends the function that Guard runs, which returns the error.
func (h *Host) Fatal(args ...any) { panic(failure{errors.New(fmt.Sprint(args...))}) }

// Error is Fatal.
func (h *Host) Error(args ...any) { h.Fatal(args...) }

// Skip is Fatal: what is missing is a failure.
func (h *Host) Skip(args ...any) { h.Fatal(args...) }

// Fatalf is Fatal with a format.
func (h *Host) Fatalf(format string, args ...any) {
	panic(failure{fmt.Errorf(format, args...)})
}

// TempDir makes a folder that is removed in the end.
func (h *Host) TempDir() string {
	dir, err := os.MkdirTemp("", "pyfc-host")
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			h.Fatal(err)
		}
	})
	return dir
}
