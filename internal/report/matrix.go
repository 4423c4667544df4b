package report

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

// matrix is the databases of one type against the requirements of that type. One
// matrix for all types would be too wide for any screen.
type matrix struct {
	kind      config.Type
	databases []string // in the order of the report
	columns   []string // ids of requirements, likewise, those of hops last
	cells     map[place]*cell
}

// place is where a cell is.
type place struct{ database, requirement string }

// matrices sorts a report's verdicts into one matrix per type.
func matrices(r *checks.Report) []*matrix {
	var all []*matrix
	byKind := map[config.Type]*matrix{}
	seen := map[matrixName]bool{}
	for i := range r.Requirements {
		v := &r.Requirements[i]
		m := byKind[v.Type]
		if m == nil {
			m = &matrix{kind: v.Type, cells: map[place]*cell{}}
			byKind[v.Type] = m
			all = append(all, m)
		}
		if n := (matrixName{v.Type, 'r', v.Database}); !seen[n] {
			seen[n] = true
			m.databases = append(m.databases, v.Database)
		}
		if n := (matrixName{v.Type, 'c', v.ID}); !seen[n] {
			seen[n] = true
			m.columns = append(m.columns, v.ID)
		}
		m.cell(place{v.Database, v.ID}).add(v)
	}
	for _, m := range all {
		slices.SortStableFunc(m.columns, func(a, b string) int { return hopLast(a) - hopLast(b) })
	}
	return all
}

// matrixName is the name of a row or column.
type matrixName struct {
	kind config.Type
	axis byte // 'r' or 'c'
	name string
}

func (m *matrix) cell(at place) *cell {
	c := m.cells[at]
	if c == nil {
		c = &cell{}
		m.cells[at] = c
	}
	return c
}

func hopLast(id string) int {
	if strings.HasPrefix(id, "hop/") {
		return 1
	}
	return 0
}

// columnTitle is the id without what the whole matrix is about.
func columnTitle(id string) string {
	_, title, found := strings.Cut(id, "/")
	if !found {
		return id
	}
	return title
}
