package main

import (
	"context"
	"testing"
	"time"
)

func TestRunOrLeave(t *testing.T) {
	ended := func() int { return exitFindings }
	never := func() int { select {} }
	tests := []struct {
		name      string
		interrupt bool
		run       func() int
		want      int
		spoke     bool
	}{
		{"a run that ends", false, ended, exitFindings, false},
		{"an interrupted run that ends by itself", true, ended, exitFindings, false},
		{"an interrupted run that goes on", true, never, exitInterrupted, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if tt.interrupt {
				cancel()
			}
			grace := time.Minute
			if tt.spoke {
				grace = time.Millisecond
			}
			spoke := false
			got := runOrLeave(ctx, grace, tt.run, func() { spoke = true })
			if got != tt.want || spoke != tt.spoke {
				t.Errorf("got code %d, spoke %t; want %d, %t", got, spoke, tt.want, tt.spoke)
			}
		})
	}
}
