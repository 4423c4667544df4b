package account

import (
	"cmp"
	"slices"
	"strings"
)

// longestName bounds the names that Nearest compares: its time grows with the
// square. IAM's names end at 128 characters, their ARNs' paths at 512.
const longestName = 700

// NearestRoles returns up to n names of roles that are close to a name which
// none has, nearest first; of an ARN, up to n ARNs. It is empty where nothing
// is close.
func (a Accounts) NearestRoles(name string, n int) []string {
	var known []string
	for _, s := range a {
		for i := range s.Roles {
			known = append(known, nameOrARN(name, s.Roles[i].Name, s.Roles[i].ARN))
		}
	}
	return nearest(name, known, n)
}

// NearestUsers is NearestRoles for users.
func (a Accounts) NearestUsers(name string, n int) []string {
	var known []string
	for _, s := range a {
		for i := range s.Users {
			known = append(known, nameOrARN(name, s.Users[i].Name, s.Users[i].ARN))
		}
	}
	return nearest(name, known, n)
}

func nameOrARN(asked, name, arn string) string {
	if strings.HasPrefix(asked, "arn:") {
		return arn
	}
	return name
}

// nearest ranks the known names: those that hold the name or are held by it
// and those a few letters off.
func nearest(name string, known []string, n int) []string {
	type candidate struct {
		name     string
		distance int
	}
	if len(name) > longestName {
		return nil
	}
	lower := strings.ToLower(name)
	most := max(2, len(lower)/4)
	if strings.HasPrefix(lower, "arn:") {
		most = 4
	}
	var near []candidate
	for _, k := range known {
		other := strings.ToLower(k)
		d := distance(lower, other, most)
		if held := len(lower) > 3 && strings.Contains(other, lower) || len(other) > 3 && strings.Contains(lower, other); held {
			d = min(d, most)
		}
		if d <= most {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range slices.Compact(near) {
		if len(names) == n {
			break
		}
		names = append(names, c.name)
	}
	return names
}

// distance is the number of bytes to insert, delete or change between a and b,
// or most+1 where it is greater than most.
func distance(a, b string, most int) int {
	if len(a) > longestName || len(b) > longestName || max(len(a), len(b))-min(len(a), len(b)) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal, least := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
	}
	return min(row[len(b)], most+1)
}
