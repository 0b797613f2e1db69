package golden

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/compiler/cli"
	"pyfc/internal/pictures"
)

// TestGeneratedPages holds pages and pictures that are made from declarations
// to these; go test -update writes them anew.
func TestGeneratedPages(t *testing.T) {
	pages := examplePages(t)
	pages["docs/supported.md"] = saidBy(t, "docs", "supported")
	pages["docs/way.svg"] = pictures.DrawWay(pictures.Way)
	for path, made := range pages {
		file := filepath.Join("..", filepath.FromSlash(path))
		if *update {
			if err := os.WriteFile(file, []byte(made), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if have, err := os.ReadFile(file); err != nil || string(have) != made {
			t.Errorf("%s is not what the declarations say (%v): make golden-update", path, err)
		}
	}
}

func saidBy(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main(args, &out, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	return out.String()
}

// TestPictures: what is drawn is well-formed, whatever names hold.
func TestPictures(t *testing.T) {
	for _, svg := range []string{
		pictures.DrawWay([]pictures.Step{{Name: "a<b", Doc: `"&"`}, {Name: "c"}, {Name: "d"}, {Name: "e"}, {Name: "f", File: true}}),
		pictures.DrawBars("rows/s", []pictures.Bar{{Name: "x & y", Value: 2, Low: 1, High: 3, Text: "2"}, {Name: "nothing"}}),
		pictures.DrawBars("nothing at all", nil),
	} {
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v in:\n%s", err, svg)
			}
		}
	}
}
