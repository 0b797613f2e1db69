package main

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

// host is the testing.TB of a program that is no test: package services starts
// servers with one. A failure is a panic that guard turns into an error.
type host struct {
	testing.TB // has a method that only package testing can implement
	cleanups   []func()
}

// failure is what Fatal panics with.
type failure struct{ error }

// guard runs f with a host and then what f left to be cleaned up.
func guard(f func(*host) error) (err error) {
	h := &host{}
	defer h.cleanUp(&err)
	defer h.recovered(&err)
	return f(h)
}

func (h *host) recovered(err *error) {
	switch p := recover().(type) {
	case nil:
	case failure:
		*err = p.error
	default:
		panic(p)
	}
}

func (h *host) cleanUp(err *error) {
	for i := len(h.cleanups) - 1; i >= 0; i-- {
		func() {
			defer func(before error) { *err = errors.Join(before, *err) }(*err)
			*err = nil
			defer h.recovered(err)
			h.cleanups[i]()
		}()
	}
}

func (h *host) Helper()           {}
func (h *host) Cleanup(f func())  { h.cleanups = append(h.cleanups, f) }
func (h *host) Fatal(args ...any) { panic(failure{errors.New(fmt.Sprint(args...))}) }
func (h *host) Error(args ...any) { h.Fatal(args...) }
func (h *host) Skip(args ...any)  { h.Fatal(args...) }
func (h *host) Fatalf(format string, args ...any) {
	panic(failure{fmt.Errorf(format, args...)})
}

func (h *host) TempDir() string {
	dir, err := os.MkdirTemp("", "pyfc-bench")
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
