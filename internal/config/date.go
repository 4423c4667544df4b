package config

import "time"

// isDate says whether s is a day of the calendar, YYYY-MM-DD.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
