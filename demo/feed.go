package demo

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pyfc/demo/world"
)

// feed sends the lines at a steady pace and shows the table until it holds
// all that counts.
func (r *run) feed(ctx context.Context) (err error) {
	input, err := os.Create(filepath.Join(r.dir, "input.txt"))
	if err != nil {
		return err
	}
	defer input.Close()
	kept := bufio.NewWriter(input)
	view := &view{out: r.Out, live: r.Live, start: time.Now()}
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	sent, shown := 0, time.Now()
	var deadline <-chan time.Time
	for {
		if n := min(perTick, r.Lines-sent); n > 0 {
			lines := make([][]byte, n)
			for i := range lines {
				lines[i] = r.log.Line()
				fmt.Fprintf(kept, "%s\n", lines[i])
			}
			if err := r.kafka.send(ctx, lines); err != nil {
				return err
			}
			if sent += n; sent == r.Lines {
				deadline = time.After(settling)
			}
		}
		rows, err := r.db.read(ctx)
		if err != nil {
			return err
		}
		done := sent == r.Lines && total(rows) == r.log.Kept()
		if done || time.Since(shown) >= refresh {
			shown = time.Now()
			view.show(sent, rows, done)
		}
		if done {
			return kept.Flush()
		}
		select {
		case <-ticks.C:
		case err := <-r.job.ended:
			return r.job.fault(err)
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("%w: %d of %d rows are counted after %v%s", ErrWrong, total(rows), r.log.Kept(), settling, r.job.tail())
		}
	}
}

func total(rows []tableRow) int64 {
	var n int64
	for _, r := range rows {
		n += r.requests
	}
	return n
}

// conclude compares the table with what it must hold, keeps what is to be
// kept, and says what there was to see.
func (r *run) conclude(ctx context.Context) error {
	rows, err := r.db.read(ctx)
	if err != nil {
		return err
	}
	got := map[string]world.Row{}
	var dump strings.Builder
	dump.WriteString("province\trequests\tsent_bytes\tspeed\n")
	for _, row := range rows {
		got[row.province] = row.columns
		fmt.Fprintf(&dump, "%s\t%s\n", row.province, strings.Join(row.columns[:], "\t"))
	}
	if err := os.WriteFile(filepath.Join(r.dir, "table.tsv"), []byte(dump.String()), 0o644); err != nil {
		return err
	}
	if wrong := r.log.Differences(got); wrong != nil {
		return fmt.Errorf("%w:\n  %s", ErrWrong, strings.Join(wrong, "\n  "))
	}
	info, err := os.Stat(r.binary)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.Out, `
The table is right: %d provinces, %d rows of %d lines (%d malformed ones dropped, as PyFlink does), %d look-ups;
an independent computation over the same lines gives the same. The job ended by SIGTERM behind a final checkpoint.

Built: one binary of %.1f MB in %.1f s, from the unmodified %s.
Next:
  pyfc explain --stage=opt %s   # its plan; also script, plan, go, udf
  pyfc build your_job.py          # writes ./your_job
  pyfc test golden/examples       # regression tests of jobs on recorded inputs
`, len(rows), r.log.Kept(), r.Lines, int64(r.Lines)-r.log.Kept(), r.lookup.Asked(), float64(info.Size())/1e6, r.steps.took[0].Seconds(), script, script)
	if r.Keep != "" {
		fmt.Fprintf(r.Out, "Kept in %s: cdn_job (the binary), input.txt (the lines), table.tsv (the table), job.log (of the binary and its worker).\n", r.Keep)
	}
	return nil
}
