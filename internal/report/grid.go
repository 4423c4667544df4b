package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// between is the space between two columns.
const between = 2

// reset ends all colours.
const reset = "\x1b[0m"

// requirements shows the matrices and what their marks mean.
func (p *page) requirements(r *checks.Report) {
	if len(r.Requirements) == 0 {
		return
	}
	s := countStatuses(r)
	p.title("Requirements", fmt.Sprintf("%d of %d granted", s.Granted, len(r.Requirements)-s.NotNeeded))
	var used [markCount]bool
	for _, m := range matrices(r) {
		p.gap()
		p.grid(m, &used)
	}
	p.gap()
	p.legend(&used)
}

func (p *page) legend(used *[markCount]bool) {
	line, width := "", 0
	for m := markGranted; m < markCount; m++ {
		if !used[m] {
			continue
		}
		n := columns(p.marks[m]) + 1 + len(markMeanings[m])
		if line != "" {
			if p.o.Width > 0 && width+3+n > p.o.Width {
				p.line(line)
				line, width = "", 0
			} else {
				line, width = line+"   ", width+3
			}
		}
		line, width = line+p.paint(p.marks[m], m.style())+" "+markMeanings[m], width+n
	}
	p.line(line)
}

// grid writes a matrix, in several pieces one under the other where the screen
// is too narrow for all columns.
func (p *page) grid(m *matrix, used *[markCount]bool) {
	names := make([]string, len(m.databases))
	wide := columns(string(m.kind))
	for i, d := range m.databases {
		names[i] = p.name(d)
		if p.o.Width > 0 {
			names[i] = shorten(names[i], max(p.o.Width/3, 16), p.ellipsis())
		}
		wide = max(wide, columns(names[i]))
	}
	for i, ids := range pieces(m.columns, p.room(wide)) {
		if i > 0 {
			p.gap()
		}
		rows := make([][]string, len(names))
		for i, d := range m.databases {
			rows[i] = []string{names[i]}
			for _, id := range ids {
				k := m.cell(place{d, id}).mark()
				used[k] = true
				rows[i] = append(rows[i], p.paint(p.marks[k], k.style()))
			}
		}
		header := append([]string{p.paint(string(m.kind), color.Bold)}, titles(ids, p.room(wide))...)
		p.pasteGrid(header, rows)
	}
}

// pieces cuts columns into runs that fit into the room: first between those of
// the type and those of hops, then wherever it must be.
func pieces(ids []string, room int) [][]string {
	if room == 0 || fit(titles(ids, room), room) == len(ids) {
		return [][]string{ids}
	}
	hops := slices.IndexFunc(ids, func(id string) bool { return hopLast(id) > 0 })
	if hops > 0 {
		return append(pieces(ids[:hops], room), pieces(ids[hops:], room)...)
	}
	n := fit(titles(ids, room), room)
	return append([][]string{ids[:n]}, pieces(ids[n:], room)...)
}

// titles are those of columns: on one line where all fit into the room, else on
// two.
func titles(ids []string, room int) []string {
	titles := make([]string, len(ids))
	for i, id := range ids {
		titles[i] = columnTitle(id)
	}
	if room == 0 || fit(titles, room) == len(titles) {
		return titles
	}
	for i, t := range titles {
		if first, second := halve(t); second != "" {
			titles[i] = first + "\n" + second
		}
	}
	return titles
}

// fit counts the columns that fit into the room, at least one.
func fit(titles []string, room int) int {
	for i, t := range titles {
		wide := 0
		for _, l := range strings.Split(t, "\n") {
			wide = max(wide, columns(l))
		}
		if room -= between + wide; room < 0 {
			return max(i, 1)
		}
	}
	return len(titles)
}

func (p *page) ellipsis() string {
	if p.o.ASCII {
		return "..."
	}
	return "…"
}

// pasteGrid lays the cells out. tablewriter's own ideas on wrapping, trimming and
// capitals are all turned off: the cells are as they should be.
func (p *page) pasteGrid(header []string, rows [][]string) {
	style := tw.StyleLight
	if p.o.ASCII {
		style = tw.StyleASCII
	}
	symbols := tw.NewSymbols(style)
	var b strings.Builder
	padding := tw.CellPadding{Global: tw.Padding{Right: strings.Repeat(" ", between), Overwrite: true}}
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft},
		Padding:    padding,
	}
	t := tablewriter.NewTable(&b,
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells}),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: symbols,
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.On},
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On},
			},
		})),
	)
	t.Header(header)
	if err := t.Bulk(rows); err != nil {
		p.line(err.Error())
	}
	if err := t.Render(); err != nil {
		p.line(err.Error())
	}
	// The rule under the header reaches as far as the last column's padding.
	for _, l := range strings.Split(strings.TrimRight(b.String(), "\n"), "\n") {
		l = strings.TrimSuffix(l, strings.Repeat(symbols.Row(), between))
		// Behind painted cells tablewriter resets once more, after the padding.
		if i := strings.LastIndex(l, " "); i >= 0 && l[i+1:] == reset {
			l = l[:i]
		}
		p.line(l)
	}
}
