package main

import (
	"context"
	"testing"
	"time"
)

func TestRunOrLeave(t *testing.T) {
	ended := func() int { return exitFindings }
	never := func() int { select {} }
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name  string
		ctx   context.Context
		run   func() int
		want  int
		spoke bool
	}{
		{"a run that ends", context.Background(), ended, exitFindings, false},
		{"an interrupted run that ends by itself", cancelled, ended, exitFindings, false},
		{"an interrupted run that goes on", cancelled, never, exitInterrupted, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			grace := time.Minute
			if tt.spoke {
				grace = time.Millisecond
			}
			spoke := false
			got := runOrLeave(tt.ctx, grace, tt.run, func() { spoke = true })
			if got != tt.want || spoke != tt.spoke {
				t.Errorf("got code %d, spoke %t; want %d, %t", got, spoke, tt.want, tt.spoke)
			}
		})
	}
}
