package conn

import (
	"testing"

	"pyfc/rt/stream"
)

// committer is a byte source that listens for commits.
type committer struct {
	ByteSource
	checkpoint int64
}

func (c *committer) Committed(checkpoint int64) error {
	c.checkpoint = checkpoint
	return nil
}

func TestDecodedPassesCommitsOn(t *testing.T) {
	src := &committer{}
	var decoded stream.CommitListener = NewDecoded[struct{}](&stream.Subtask{}, src, nil, nil)
	if err := decoded.Committed(7); err != nil || src.checkpoint != 7 {
		t.Errorf("checkpoint %d, %v", src.checkpoint, err)
	}
	if err := NewDecoded[struct{}](&stream.Subtask{}, nil, nil, nil).Committed(7); err != nil {
		t.Error(err)
	}
}
