package cli

import (
	"github.com/spf13/cobra"

	"pyfc/rt/job"
)

func (a *app) stop() *cobra.Command {
	var drain bool
	c := &cobra.Command{
		Use:   "stop [--drain] CHECKPOINT_DIR",
		Short: "Stop the running binary that owns a checkpoint folder",
		Long: `Stop the running binary that owns a checkpoint folder, after a final checkpoint.
The next start goes on from there. With --drain, the watermark advances to its
end first, so that all windows fire: the job is then complete.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return job.StopRunning(args[0], drain)
		},
	}
	c.Flags().BoolVar(&drain, "drain", false, "advance the watermark to its end first")
	return c
}
