package report

import (
	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// mark is what a matrix shows for the verdicts on one requirement of one
// database.
type mark uint8

// The marks, in the order of the legend. The zero value is an empty cell.
const (
	markNone mark = iota
	markGranted
	markMissing
	markRecommended // missing, but only recommended
	markPart
	markOpen
	markNotNeeded
	markCount
)

// marks are the signs.
type marks [markCount]string

var (
	unicodeMarks = marks{"", "✓", "✗", "(✗)", "◐", "?", "–"}
	asciiMarks   = marks{"", "ok", "NO", "(no)", "part", "?", "-"}
)

var markMeanings = marks{
	"", "granted", "not granted", "recommended, not granted", "granted in part", "not decided", "not needed",
}

func (m mark) style() color.Attribute {
	switch m {
	case markGranted:
		return color.FgGreen
	case markMissing:
		return color.FgRed
	case markNotNeeded, markNone:
		return color.Faint
	default:
		return color.FgYellow
	}
}

// cell gathers the verdicts that one mark stands for: a requirement has one for
// each action, resource and holder.
type cell struct {
	granted, failed, recommended, part, open, notNeeded int
}

func (c *cell) add(v *checks.RequirementVerdict) {
	switch v.Status {
	case checks.Granted:
		c.granted++
	case checks.NotNeeded:
		c.notNeeded++
	case checks.Partial:
		c.part++
	case checks.Missing, checks.Denied:
		c.failed++
		if v.Need == expected.Recommended {
			c.recommended++
		}
	default:
		c.open++
	}
}

func (c *cell) mark() mark {
	switch {
	case c.part > 0 || c.failed > 0 && c.granted > 0:
		return markPart
	case c.failed > 0 && c.failed == c.recommended:
		return markRecommended
	case c.failed > 0:
		return markMissing
	case c.open > 0:
		return markOpen
	case c.granted > 0:
		return markGranted
	case c.notNeeded > 0:
		return markNotNeeded
	default:
		return markNone
	}
}
