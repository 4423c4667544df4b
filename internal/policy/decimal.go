package policy

import (
	"cmp"
	"strings"
)

// maxNumberLength bounds what is read as a number, and maxExponent its power of
// ten; what is longer is no number.
const (
	maxNumberLength = 128
	maxExponent     = 100_000
)

// decimal is an exact decimal number: 0.d₁d₂d₃… × 10^exponent, where d₁ is the
// first digit of digits that is not 0. The zero value is 0.
type decimal struct {
	negative bool
	digits   string // from d₁ on, without trailing zeros; may hold one decimal point; "" for 0
	exponent int
}

// parseDecimal reads [sign] digits [. digits] [e [sign] digits]. It allocates
// nothing.
func parseDecimal(s string) (decimal, form) {
	if len(s) > maxNumberLength {
		return decimal{}, formInvalid
	}
	f := formDocumented
	text := strings.Trim(s, " \t\r\n")
	if text != s {
		f = formSilent
	}
	d := decimal{}
	if text != "" && (text[0] == '-' || text[0] == '+') {
		d.negative = text[0] == '-'
		if !d.negative {
			f = formSilent
		}
		text = text[1:]
	}
	mantissa, power := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		p, ok := parseExponent(text[i+1:])
		if !ok {
			return decimal{}, formInvalid
		}
		mantissa, power, f = text[:i], p, formSilent
	}
	whole, fraction, point := strings.Cut(mantissa, ".")
	if !allDigits(whole) || !allDigits(fraction) || len(whole)+len(fraction) == 0 {
		return decimal{}, formInvalid
	}
	if point && (whole == "" || fraction == "") {
		f = formSilent
	}
	d.digits, d.exponent = significant(mantissa, len(whole))
	if d.digits == "" {
		return decimal{}, f // zero has neither sign nor power
	}
	d.exponent += power
	return d, f
}

// significant cuts a mantissa, whose decimal point is after the first whole
// digits, to its significant digits, and tells their power of ten.
func significant(mantissa string, whole int) (digits string, exponent int) {
	first := strings.IndexAny(mantissa, "123456789")
	if first < 0 {
		return "", 0
	}
	last := strings.LastIndexAny(mantissa, "123456789")
	exponent = whole - first
	if first > whole {
		exponent++ // the point itself is not a digit
	}
	return mantissa[first : last+1], exponent
}

func parseExponent(s string) (int, bool) {
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if s == "" || !allDigits(s) {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if n = n*10 + int(c-'0'); n > maxExponent {
			return 0, false
		}
	}
	if negative {
		n = -n
	}
	return n, true
}

// compare returns -1, 0 or 1 as d is less than, equal to or greater than e.
func (d decimal) compare(e decimal) int {
	switch {
	case d.sign() != e.sign():
		return cmp.Compare(d.sign(), e.sign())
	case d.exponent != e.exponent:
		return d.sign() * cmp.Compare(d.exponent, e.exponent)
	default:
		return d.sign() * compareDigits(d.digits, e.digits)
	}
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	default:
		return 1
	}
}

// compareDigits compares digit strings of the same power of ten, passing over
// decimal points.
func compareDigits(a, b string) int {
	i, j := 0, 0
	for {
		i, j = skipPoint(a, i), skipPoint(b, j)
		switch {
		case i == len(a) && j == len(b):
			return 0
		case i == len(a):
			return -1
		case j == len(b):
			return 1
		case a[i] != b[j]:
			return cmp.Compare(int(a[i]), int(b[j]))
		}
		i, j = i+1, j+1
	}
}

func skipPoint(s string, i int) int {
	if i < len(s) && s[i] == '.' {
		return i + 1
	}
	return i
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
