package policy

// Truth is the outcome of a test in three-valued logic.
type Truth uint8

// The zero value is Unknown, so that a forgotten answer is never a grant.
const (
	Unknown Truth = iota
	False
	True
)

// String returns "unknown", "false" or "true".
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case True:
		return "true"
	default:
		return "unknown"
	}
}

// TruthOf converts a plain boolean.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Not negates t; Unknown stays Unknown.
func (t Truth) Not() Truth {
	switch t {
	case False:
		return True
	case True:
		return False
	default:
		return Unknown
	}
}

// And is Kleene conjunction: False wins, then Unknown.
func (t Truth) And(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == Unknown || u == Unknown:
		return Unknown
	default:
		return True
	}
}

// Or is Kleene disjunction: True wins, then Unknown.
func (t Truth) Or(u Truth) Truth {
	switch {
	case t == True || u == True:
		return True
	case t == Unknown || u == Unknown:
		return Unknown
	default:
		return False
	}
}
