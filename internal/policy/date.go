package policy

import (
	"strings"
	"time"
)

// maxDateLength bounds what is read as a date.
const maxDateLength = 64

// date is a text read as a date. Its period is empty where form is formInvalid.
type date struct {
	period
	form form
}

// period is what a date says: from the first instant to before the last. An
// instant is a period of a nanosecond.
type period struct{ from, to time.Time }

func instantPeriod(t time.Time) period { return period{t, t.Add(1)} }

// parseDate reads
//
//	2026  2026-01  2026-01-02  2026-01-02T15:04Z  2026-01-02T15:04:05+02:00
//	2026-01-02T15:04:05.6789Z  1767366245
//
// which AWS documents; four digits are a year, the form that its page names
// first. It reads with formSilent: other separators and letter case, a
// time without zone or with a zone without colon, the basic form
// 20260102T150405Z, hour 24, second 60, more than nine decimals, negative and
// fractional seconds since 1970, and blanks around it all.
func parseDate(s string) date {
	text, f := trimmed(s)
	if len(text) > maxDateLength {
		return date{}
	}
	if p, ok := parseCalendar(text); ok {
		return date{p, f}
	}
	if p, g := parseDateTime(text); g != formInvalid {
		return date{p, min(f, g)}
	}
	p, g := parseEpoch(text)
	return date{p, min(f, g)}
}

// parseCalendar reads a year, a month or a day, which begin and end at midnight
// UTC.
func parseCalendar(s string) (period, bool) {
	for _, c := range []struct {
		layout              string
		years, months, days int
	}{
		{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {"2006-01-02", 0, 0, 1},
	} {
		if len(s) != len(c.layout) {
			continue
		}
		if t, err := time.Parse(c.layout, s); err == nil {
			return period{t, t.AddDate(c.years, c.months, c.days)}, true
		}
	}
	return period{}, false
}

// parseDateTime reads a date with a time of day.
func parseDateTime(s string) (period, form) {
	day, f, rest, ok := cutDay(s)
	if !ok || rest == "" {
		return period{}, formInvalid
	}
	switch rest[0] {
	case 'T':
	case 't', ' ':
		f = formSilent
	default:
		return period{}, formInvalid
	}
	clock, zone := splitZone(rest[1:])
	offset, zoneForm := parseZone(zone)
	elapsed, clockForm := parseClock(clock)
	f = min(f, zoneForm, clockForm)
	if f == formInvalid {
		return period{}, formInvalid
	}
	return instantPeriod(day.Add(elapsed - offset)), f
}

// cutDay reads the day that s begins with, as 2006-01-02 or 20060102.
func cutDay(s string) (day time.Time, f form, rest string, ok bool) {
	for _, c := range []struct {
		layout string
		form   form
	}{{"2006-01-02", formDocumented}, {"20060102", formSilent}} {
		if len(s) < len(c.layout) {
			continue
		}
		if t, err := time.Parse(c.layout, s[:len(c.layout)]); err == nil {
			return t, c.form, s[len(c.layout):], true
		}
	}
	return time.Time{}, formInvalid, "", false
}

// splitZone separates a time of day from its zone.
func splitZone(s string) (clock, zone string) {
	if i := strings.IndexAny(s, "Zz+-"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// parseZone reads Z, +hh:mm or -hh:mm; a missing zone is read as UTC.
func parseZone(s string) (time.Duration, form) {
	switch s {
	case "Z":
		return 0, formDocumented
	case "z", "":
		return 0, formSilent
	}
	hours, minutes, colon := strings.Cut(s[1:], ":")
	f := formDocumented
	if !colon {
		f = formSilent
		switch len(hours) {
		case 2:
			minutes = "00"
		case 4:
			hours, minutes = hours[:2], hours[2:]
		}
	}
	h, ok1 := twoDigits(hours, 23)
	m, ok2 := twoDigits(minutes, 59)
	if !ok1 || !ok2 || s[0] == 'Z' || s[0] == 'z' {
		return 0, formInvalid
	}
	offset := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, f
}

// parseClock reads hh:mm, hh:mm:ss or hh:mm:ss.fraction, or the same without
// colons, as the time since midnight.
func parseClock(s string) (elapsed time.Duration, f form) {
	clock, fraction, decimals := strings.Cut(s, ".")
	f = formDocumented
	var part [3]string
	switch {
	case len(clock) == 8 && clock[2] == ':' && clock[5] == ':':
		part = [3]string{clock[:2], clock[3:5], clock[6:]}
	case len(clock) == 5 && clock[2] == ':' && !decimals:
		part = [3]string{clock[:2], clock[3:], "00"}
	case len(clock) == 6:
		part, f = [3]string{clock[:2], clock[2:4], clock[4:]}, formSilent
	case len(clock) == 4 && !decimals:
		part, f = [3]string{clock[:2], clock[2:], "00"}, formSilent
	default:
		return 0, formInvalid
	}
	hour, ok1 := twoDigits(part[0], 24)
	minute, ok2 := twoDigits(part[1], 59)
	second, ok3 := twoDigits(part[2], 60)
	if !ok1 || !ok2 || !ok3 || decimals && (fraction == "" || !allDigits(fraction)) {
		return 0, formInvalid
	}
	elapsed = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	nanos, exact := parseFraction(fraction)
	elapsed += nanos
	if hour == 24 && elapsed > 24*time.Hour {
		return 0, formInvalid
	}
	if hour == 24 || second == 60 || !exact {
		f = formSilent
	}
	return elapsed, f
}

// parseEpoch reads seconds since 1970, of as many digits as fit an int64.
func parseEpoch(s string) (period, form) {
	whole, fraction, decimals := strings.Cut(s, ".")
	f := formDocumented
	negative := strings.HasPrefix(whole, "-")
	if negative {
		whole, f = whole[1:], formSilent
	}
	if whole == "" || len(whole) > 18 || !allDigits(whole) || decimals && (fraction == "" || !allDigits(fraction)) {
		return period{}, formInvalid
	}
	seconds := int64(0)
	for _, c := range []byte(whole) {
		seconds = seconds*10 + int64(c-'0')
	}
	nanos, _ := parseFraction(fraction)
	if decimals {
		f = formSilent
	}
	if negative {
		seconds, nanos = -seconds, -nanos
	}
	return instantPeriod(time.Unix(seconds, int64(nanos)).UTC()), f
}

// parseFraction reads decimals of a second. exact is false where there are more
// than nine.
func parseFraction(s string) (d time.Duration, exact bool) {
	for i := range 9 {
		d *= 10
		if i < len(s) {
			d += time.Duration(s[i] - '0')
		}
	}
	return d, len(s) <= 9
}

func twoDigits(s string, limit int) (int, bool) {
	if len(s) != 2 || !allDigits(s) {
		return 0, false
	}
	n := int(s[0]-'0')*10 + int(s[1]-'0')
	return n, n <= limit
}
