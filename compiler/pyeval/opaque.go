package pyeval

import (
	"os"
	"path/filepath"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Opaque is a value that pyfc cannot know: a module that it doesn't model and
// all that comes from it. Attributes, calls and operators of it are opaque.
type Opaque struct {
	// Origin says in Python's words what it is, e.g. "numpy.zeros(…)".
	Origin string
	// Module is the unmodelled module that it comes from, Import the place of
	// the import and Where that of the expression.
	Module string
	Import pyast.Span
	Where  pyast.Span
	// Reported marks the result of something that was refused already:
	// reaching anything it ends the run without a second message.
	Reported bool
	// Unmodelled marks a member of a modelled module that is missing there: a
	// call of it is refused.
	Unmodelled bool
	// Late marks what the run of the job makes: the rows of a query. It was made
	// at Import.
	Late bool
	// Args are the arguments of the call that gave it; nil for others.
	Args []Arg
	// effect marks the result of a call that was refused for its effect.
	effect bool
	// root is the script's folder, where the module isn't.
	root string
}

// Poison returns a value to go on with after Thread.Report: nothing that is
// done with it is reported again.
func Poison(where pyast.Span) *Opaque {
	return &Opaque{Origin: "the result of a refused call", Where: where, Reported: true}
}

// Class returns the class "opaque".
func (*Opaque) Class() *Class { return opaqueClass }

// derive returns what comes of o by an attribute, a call or an operator.
func (o *Opaque) derive(origin string, where pyast.Span) *Opaque {
	d := *o
	d.Origin, d.Where, d.Args = origin, where, nil
	return &d
}

// IsText reports whether the value is a text that an unknown value is part of.
func (o *Opaque) IsText() bool { return strings.HasPrefix(o.Origin, textWith) }

// textWith begins the origin of a text that an opaque value is part of.
const textWith = "a text with "

// errStopped ends a run whose reason has been reported.
type errStopped struct{}

func (errStopped) Error() string { return "stopped after a reported error" }

// Refuse is the error for an opaque value that reaches something that must
// know it; what says how, e.g. "decides a branch".
func (o *Opaque) Refuse(what string) error {
	if o.Reported {
		return errStopped{}
	}
	if folder := moduleFolder(o.root, o.Module); folder != "" && !o.Unmodelled {
		return diag.New(diag.PyOpaque, diag.Pos{}, "%s %s, but module %s isn't in the script's folder", o.Origin, what, o.Module).
			WithNote(o.Import.Pos(), "module %s is imported here", o.Module).
			WithHint("it is in %s: pyfc build job.py --pyFiles %s", folder, folder)
	}
	if o.Late {
		from := "what it comes from is read here"
		if o.Module != "" {
			from = "module " + o.Module + " is imported here; pyfc doesn't model it"
		}
		return diag.New(diag.PyOpaque, diag.Pos{}, "%s %s, but it is only known when the job runs", o.Origin, what).
			WithNote(o.Import.Pos(), "%s", from).
			WithHint("a plan is made at build: write the value into the script, or let the job's own SQL compute it")
	}
	d := diag.New(diag.PyOpaque, diag.Pos{}, "%s %s, but pyfc cannot know it at build", o.Origin, what)
	if o.Unmodelled {
		d.WithNote(o.Import.Pos(), "it is taken from module %s here; pyfc doesn't model this member", o.Module)
	} else {
		d.WithNote(o.Import.Pos(), "module %s is imported here; pyfc doesn't model it", o.Module)
	}
	return d.WithHint("compute it inside a Python function of the job, or write the value into the script")
}

// moduleFolder is the folder with a module that Python wouldn't find from the
// script's folder, but that one of the folders around it has, as where an editor
// adds the root of a project to Python's path, or one beside them; "" if there is
// none.
func moduleFolder(root, module string) string {
	if root == "" || module == "" || strings.ContainsAny(module, `*?[\`) {
		return ""
	}
	around := []string{filepath.Dir(root)}
	for len(around) < 3 {
		around = append(around, filepath.Dir(around[len(around)-1]))
	}
	for i, dir := range around {
		if dir == filepath.Dir(dir) || dir == os.TempDir() {
			break
		}
		holders := []string{dir}
		if i < 2 { // further up there are other projects
			more, _ := filepath.Glob(globEscape.Replace(dir) + "/*")
			holders = append(holders, more...)
		}
		for _, holder := range holders {
			if base := filepath.Join(holder, module); !isFile(base+".py") && !holdsPython(base) {
				continue
			}
			if rel, err := filepath.Rel(root, holder); err == nil {
				return rel
			}
		}
	}
	return ""
}

// globEscape makes a path a pattern that fits it alone.
var globEscape = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

// effects are the functions of unmodelled modules that change the outside, by
// the beginning of their origin.
var effects = []struct{ prefix, kind string }{
	{"subprocess.", "process"}, {"multiprocessing.", "process"}, {"pty.", "process"},
	{"socket.", "socket"}, {"urllib.request.", "socket"}, {"http.", "socket"}, {"requests.", "socket"},
	{"smtplib.", "socket"}, {"ftplib.", "socket"}, {"paramiko.", "socket"}, {"boto3.", "socket"},
	{"pymysql.", "socket"}, {"psycopg2.", "socket"}, {"mysql.connector.", "socket"}, {"redis.", "socket"},
	{"kafka.", "socket"}, {"confluent_kafka.", "socket"}, {"pymongo.", "socket"}, {"elasticsearch.", "socket"},
	{"sqlite3.", "write"}, {"pickle.dump", "write"},
}

// callOpaque is a call of an opaque value: another one, unless the function is
// known to change the outside.
func (t *Thread) callOpaque(o *Opaque, args []Arg, span pyast.Span) (Value, error) {
	if o.Unmodelled && !o.Late && !t.leaveUnknown(o, "is called") {
		d := diag.New(diag.PyUnsupported, span.Pos(), "%s() isn't evaluated at build", o.Origin)
		t.suspect(d.WithHint("compute it inside a Python function of the job, or write the value into the script"))
		return Poison(span), nil
	}
	if o.Late {
		t.looks.total++
		t.looks.last = o
	} else if !o.Reported {
		for _, e := range effects {
			if strings.HasPrefix(o.Origin, e.prefix) && !strings.Contains(o.Origin, "(") {
				if d, ok := t.Effect(e.kind, o.Origin, args, span).(*diag.Diagnostic); ok {
					t.suspect(d)
				}
				result := o.derive(o.Origin+"(…)", span)
				result.effect = true
				return result, nil
			}
		}
	}
	result := o.derive(o.Origin+"(…)", span)
	result.Args = args
	return result, nil
}

// Effect asks the host about something that changes the outside, and refuses
// it when the host doesn't take it as an action of the job.
func (t *Thread) Effect(kind, what string, args []Arg, where pyast.Span) error {
	if done, err := t.scratchEffect(what, args, where); done || err != nil {
		return err
	}
	if t.in.opts.Beside {
		t.change(args)
		return nil
	}
	e := Effect{Kind: kind, What: what, Where: where}
	for _, a := range args {
		e.Args = append(e.Args, a.Value)
	}
	if h := t.in.opts.Host; h != nil && h.Effect(e) {
		return nil
	}
	return refuseEffect(kind, what, where)
}

func refuseEffect(kind, what string, where pyast.Span) error {
	does := map[string]string{"process": "starts a process", "socket": "opens a connection", "write": "writes a file", "remove": "deletes a file", "makedirs": "makes a folder"}[kind]
	return diag.New(diag.PyEffect, where.Pos(), "%s() %s, which a build never does", what, does).
		WithHint("do it in a step of its own before the build, or inside a Python function of the job")
}
