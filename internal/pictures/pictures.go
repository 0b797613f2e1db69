// Package pictures draws what the pages show, as SVG.
package pictures

import (
	"encoding/xml"
	"fmt"
	"strings"
)

const style = `<style>text{font:14px sans-serif;fill:#1f2937}.small{font-size:12px;fill:#4b5563}.box{fill:#eef2ff;stroke:#4f46e5}.file{fill:#ecfdf5;stroke:#059669}.line{stroke:#6b7280;fill:none}@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.small{fill:#9ca3af}.box{fill:#312e81}.file{fill:#064e3b}}</style>`

// Step is a stage of the way of a job.
type Step struct {
	Name, Doc string
	File      bool // something that lies on disk, not a stage
}

// Way is how a script becomes a binary; ARCHITECTURE.md has the packages.
var Way = []Step{
	{"job.py", "the unmodified script", true},
	{"pyast", "parsed, with exact places", false},
	{"pyeval, pyflink", "the driver is evaluated", false},
	{"bind, sql", "names, overloads, types", false},
	{"ir, opt", "a typed plan, rewritten", false},
	{"codegen", "Go for exactly this plan", false},
	{"gobuild", "the Go toolchain", false},
	{"binary", "no JVM, no connector jars", true},
}

const (
	boxWidth, boxHeight = 190, 52
	gapX, gapY          = 34, 40
	perRow              = 4
)

// DrawWay draws steps in rows, joined by arrows.
func DrawWay(steps []Step) string {
	var b strings.Builder
	rows := (len(steps) + perRow - 1) / perRow
	begin(&b, perRow*(boxWidth+gapX)+gapX, rows*(boxHeight+gapY)+gapY)
	b.WriteString(`<defs><marker id="a" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0,0L8,4L0,8z" fill="#6b7280"/></marker></defs>` + "\n")
	for i, s := range steps {
		x, y := place(i)
		class := "box"
		if s.File {
			class = "file"
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`, class, x, y, boxWidth, boxHeight)
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text><text class="small" x="%d" y="%d">%s</text>`+"\n", x+12, y+22, escape(s.Name), x+12, y+40, escape(s.Doc))
		if i == 0 {
			continue
		}
		fx, fy := place(i - 1)
		if fy == y {
			fmt.Fprintf(&b, `<path class="line" marker-end="url(#a)" d="M%d,%dH%d"/>`+"\n", fx+boxWidth, y+boxHeight/2, x)
		} else {
			fmt.Fprintf(&b, `<path class="line" marker-end="url(#a)" d="M%d,%dV%dH%dV%d"/>`+"\n", fx+boxWidth/2, fy+boxHeight, fy+boxHeight+gapY/2, x+boxWidth/2, y)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func place(i int) (x, y int) {
	return gapX + i%perRow*(boxWidth+gapX), gapY/2 + i/perRow*(boxHeight+gapY)
}

// Bar is one bar of a plot, with the lowest and highest values seen.
type Bar struct {
	Name             string
	Value, Low, High float64
	Text             string // of the value
}

const (
	barHeight, barGap     = 22, 10
	labelWidth, plotWidth = 330, 420
)

// DrawBars draws bars from zero on one scale, with a whisker for the spread.
func DrawBars(title string, bars []Bar) string {
	var b strings.Builder
	most := 0.0
	for _, bar := range bars {
		most = max(most, bar.High, bar.Value)
	}
	if most == 0 {
		most = 1
	}
	scale := func(v float64) float64 { return labelWidth + v/most*plotWidth }
	begin(&b, labelWidth+plotWidth+120, 40+len(bars)*(barHeight+barGap))
	fmt.Fprintf(&b, `<text x="12" y="22">%s</text>`+"\n", escape(title))
	for i, bar := range bars {
		y := 34 + i*(barHeight+barGap)
		fmt.Fprintf(&b, `<text class="small" x="12" y="%d">%s</text><rect class="box" x="%d" y="%d" width="%.1f" height="%d"/>`,
			y+15, escape(bar.Name), labelWidth, y, scale(bar.Value)-labelWidth, barHeight)
		fmt.Fprintf(&b, `<path class="line" d="M%.1f,%dH%.1f"/><text class="small" x="%.1f" y="%d">%s</text>`+"\n",
			scale(bar.Low), y+barHeight/2, scale(bar.High), scale(bar.High)+8, y+15, escape(bar.Text))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func begin(b *strings.Builder, width, height int) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d">%s`+"\n", width, height, style)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
