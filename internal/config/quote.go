package config

import (
	"strconv"
	"unicode/utf8"
)

// shownLimit is how many bytes of a value a message shows.
const shownLimit = 120

// quote shows a value of an untrusted file in a message: quoted, control
// characters escaped (a terminal must not obey them), and cut where it is long.
func quote(s string) string {
	if len(s) <= shownLimit {
		return strconv.QuoteToGraphic(s)
	}
	cut := shownLimit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToGraphic(s[:cut]) + "…"
}
