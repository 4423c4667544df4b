package policy

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDateOperators(t *testing.T) {
	const noon = "2026-01-01T12:00:00Z"
	runConditionCases(t, []conditionCase{
		{name: "equal", page: pageOperators, operator: "DateEquals", values: []string{noon}, context: team(noon), want: True},
		{name: "equal in another zone", page: pageOperators, operator: "DateEquals", values: []string{"2026-01-01T14:00:00+02:00"}, context: team(noon), want: True},
		{name: "equal to the fraction", page: pageOperators, operator: "DateEquals", values: []string{"2026-01-01T12:00:00.000Z"}, context: team(noon), want: True},
		{name: "a fraction apart", page: pageOperators, operator: "DateEquals", values: []string{"2026-01-01T12:00:00.001Z"}, context: team(noon), want: False},
		{name: "equal to seconds", page: pageOperators, operator: "DateEquals", values: []string{"1767268800"}, context: team(noon), want: True},
		{name: "not equal", page: pageOperators, operator: "DateNotEquals", values: []string{"2026-01-01T12:00:01Z"}, context: team(noon), want: True},
		{name: "less", page: pageOperators, operator: "DateLessThan", values: []string{"2026-01-01T12:00:01Z"}, context: team(noon), want: True},
		{name: "not less", page: pageOperators, operator: "DateLessThan", values: []string{noon}, context: team(noon), want: False},
		{name: "less or equal", page: pageOperators, operator: "DateLessThanEquals", values: []string{noon}, context: team(noon), want: True},
		{name: "greater", page: pageOperators, operator: "DateGreaterThan", values: []string{"1500000000"}, context: team(noon), want: True},
		{name: "seconds and seconds", page: pageOperators, operator: "DateGreaterThan", values: []string{"1500000000"}, context: team("1700000000"), want: True},
		{name: "greater or equal", page: pageOperators, operator: "DateGreaterThanEquals", values: []string{noon}, context: team(noon), want: True},
		{name: "after a day", page: pageOperators, operator: "DateGreaterThan", values: []string{"2025-12-31"}, context: team(noon), want: True},
		{name: "before a day", page: pageOperators, operator: "DateLessThan", values: []string{"2026-01-02"}, context: team("2026-01-01T23:59:59Z"), want: True},
		{name: "at a day's first instant", page: pageOperators, operator: "DateGreaterThanEquals", values: []string{"2026-01-01"}, context: team("2026-01-01T00:00:00Z"), want: True},
		{name: "within a day", operator: "DateGreaterThan", values: []string{"2026-01-01"}, context: team(noon), ambiguity: ambiguityDatePeriod},
		{name: "within a day, equal", operator: "DateEquals", values: []string{"2026-01-01"}, context: team(noon), ambiguity: ambiguityDatePeriod},
		{name: "within a day, not before", page: pageOperators, operator: "DateLessThan", values: []string{"2026-01-01"}, context: team(noon), want: False},
		{name: "within a month", operator: "DateLessThanEquals", values: []string{"2026-01"}, context: team(noon), ambiguity: ambiguityDatePeriod},
		{name: "before a month", page: pageOperators, operator: "DateLessThan", values: []string{"2026-02"}, context: team(noon), want: True},
		{name: "a time without seconds is an instant", page: pageOperators, operator: "DateGreaterThan", values: []string{"2026-01-01T12:00Z"}, context: team("2026-01-01T12:00:30Z"), want: True},
		{name: "a month in the request, less", operator: "DateLessThan", values: []string{"2026-01-15"}, context: team("2026-01"), ambiguity: ambiguityDatePeriod},
		{name: "a month in the request, greater or equal", operator: "DateGreaterThanEquals", values: []string{"2026-01-15"}, context: team("2026-01"), ambiguity: ambiguityDatePeriod},
		{name: "a month in the request, equal", page: pageOperators, operator: "DateEquals", values: []string{"2026-01"}, context: team("2026-01"), want: True},
		{name: "after a year", page: pageOperators, operator: "DateGreaterThan", values: []string{"2025"}, context: team(noon), want: True},
		{name: "four digits are a year, not seconds", page: pageOperators, operator: "DateLessThan", values: []string{"2027"}, context: team(noon), want: True},
		{name: "no zone", operator: "DateLessThan", values: []string{"2026-01-02T00:00:00"}, context: team(noon), ambiguity: ambiguityDateForm},
		{name: "no zone, far off", page: pageOperators, operator: "DateLessThan", values: []string{"2025-01-02T00:00:00"}, context: team(noon), want: False},
		{name: "basic form", operator: "DateLessThan", values: []string{"20260102T000000Z"}, context: team(noon), ambiguity: ambiguityDateForm},
		{name: "no date in the request", page: pageOperators, operator: "DateLessThan", values: []string{noon}, context: team("noon"), want: False},
		{name: "no date in the request, negated", operator: "DateNotEquals", values: []string{noon}, context: team("noon"), ambiguity: ambiguityNegated},
		{name: "no wildcards", page: pageOperators, operator: "DateEquals", values: []string{"2026-*"}, context: team(noon), want: False},
	})
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		text     string
		form     form
		from, to string // RFC 3339
	}{
		{"2026-02", formDocumented, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"2024-02-29", formDocumented, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"1997-07-16T19:20+01:00", formDocumented, "1997-07-16T18:20:00Z", "1997-07-16T18:20:00.000000001Z"},
		{"1997-07-16T19:20:30-01:30", formDocumented, "1997-07-16T20:50:30Z", "1997-07-16T20:50:30.000000001Z"},
		{"1997-07-16T19:20:30.45Z", formDocumented, "1997-07-16T19:20:30.45Z", "1997-07-16T19:20:30.450000001Z"},
		{"0", formDocumented, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000001Z"},
		{"20260102", formDocumented, "1970-08-23T11:48:22Z", "1970-08-23T11:48:22.000000001Z"},
		{"2026", formDocumented, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"-1", formSilent, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000000001Z"},
		{"-0.5", formSilent, "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000001Z"},
		{"1.5", formSilent, "1970-01-01T00:00:01.5Z", "1970-01-01T00:00:01.500000001Z"},
		{"2026-01-02t03:04:05z", formSilent, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000001Z"},
		{"2026-01-02 03:04:05Z", formSilent, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000001Z"},
		{"20260102T030405Z", formSilent, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000001Z"},
		{"2026-01-02T03:04:05+0200", formSilent, "2026-01-02T01:04:05Z", "2026-01-02T01:04:05.000000001Z"},
		{"2026-01-02T03:04:05+02", formSilent, "2026-01-02T01:04:05Z", "2026-01-02T01:04:05.000000001Z"},
		{"2026-01-02T24:00:00Z", formSilent, "2026-01-03T00:00:00Z", "2026-01-03T00:00:00.000000001Z"},
		{"2016-12-31T23:59:60Z", formSilent, "2017-01-01T00:00:00Z", "2017-01-01T00:00:00.000000001Z"},
		{" 2026-01-02 ", formSilent, "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"},
		{"2026-01-02T03:04:05.1234567899Z", formSilent, "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.12345679Z"},
	} {
		d := parseDate(c.text)
		if d.form != c.form {
			t.Errorf("parseDate(%q) has form %d, want %d", c.text, d.form, c.form)
			continue
		}
		p := d.period
		if from, to := p.from.Format(time.RFC3339Nano), p.to.Format(time.RFC3339Nano); from != c.from || to != c.to {
			t.Errorf("parseDate(%q) is %s to %s, want %s to %s", c.text, from, to, c.from, c.to)
		}
	}
	for _, text := range []string{
		"", "-", "now", "2026-13-01", "2025-02-29", "2026-1-2", "2026-01-02T", "2026-01-02T25:00:00Z", "2026-01-02T24:00:01Z",
		"2026-01-02T03:60:00Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05ZZ", "2026-01-02T03:04:05Z1",
		"2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+1:00", "2026-01-02T03:04.5Z", "2026-01-02X03:04:05Z", "1e9", "1.", ".5",
		"1234567890123456789", "٢٠٢٦", strings.Repeat("1", maxDateLength+1),
	} {
		if d := parseDate(text); d.form != formInvalid {
			t.Errorf("parseDate(%q) is %v, want invalid", text, d.period)
		}
	}
}

// w3cForm is the full form of NOTE-datetime; time.Parse takes some others too.
var w3cForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// FuzzDate: every text is read without panic, periods are not empty, what the
// standard library reads as RFC 3339 is read the same, and each comparison is
// the opposite of its opposite.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026", "2026-01", "2026-01-02", "2026-01-02T03:04Z", "2026-01-02T03:04:05.678+02:00", "1767268800", "-1", "20260102T030405Z", "2026-01-02T24:00:00Z"} {
		f.Add(s, "2026-01-01T12:00:00Z")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := parseDate(a), parseDate(b)
		if empty := !x.from.Before(x.to); empty != (x.form == formInvalid) {
			t.Fatalf("parseDate(%q) has form %d and the period %v", a, x.form, x.period)
		}
		if want, err := time.Parse(time.RFC3339Nano, a); err == nil && w3cForm.MatchString(a) && len(a) <= maxDateLength {
			if p := x.period; x.form == formInvalid || p.from.Sub(want).Abs() > time.Nanosecond {
				t.Errorf("parseDate(%q) is %v, want %v", a, p, want)
			}
		}
		if n, err := strconv.ParseUint(a, 10, 32); err == nil && len(a) != 4 && len(a) <= 18 {
			if p := x.period; p.from.Unix() != int64(n) {
				t.Errorf("parseDate(%q) is %v, want seconds", a, p)
			}
		}
		for _, pair := range [][2]string{{"DateLessThan", "DateGreaterThanEquals"}, {"DateGreaterThan", "DateLessThanEquals"}} {
			one, other := testDate(t, pair[0], a, b), testDate(t, pair[1], a, b)
			if one == True && other == True || x.form != formInvalid && y.form != formInvalid && one == False && other == False &&
				x.form == formDocumented && y.form == formDocumented {
				t.Errorf("%q and %q: %s is %v and %s is %v", a, b, pair[0], one, pair[1], other)
			}
		}
	})
}

func testDate(t *testing.T, operator, policy, request string) Truth {
	c := testCondition(t, operator, testKey, []string{policy}, true)
	return c.Test(testContext(t, team(request))).Truth
}
