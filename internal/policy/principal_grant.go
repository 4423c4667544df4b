package policy

// grant is how far a statement of a resource-based policy reaches: whether it
// names the caller at all, and whether it spares it the other layers.
type grant struct {
	named, noIdentity, noBoundary, noSession Truth
	unclear                                  unclear
}

// reaches tells whether the statement stands in the clause of a layer.
func (g *grant) reaches(layer Layer) Truth {
	switch layer {
	case LayerTrust:
		return g.named
	case LayerIdentity:
		return g.noIdentity
	case LayerBoundary:
		return g.noBoundary
	case LayerSession:
		return g.noSession
	default:
		return False
	}
}

// grants matches the element of an Allow statement. NotPrincipal with Allow,
// which names everyone else, is not supported by AWS: the parser refuses it.
func (p *Principals) grants(c *Caller, f *facts) grant {
	g := grant{named: False, noIdentity: False, noBoundary: False, noSession: False}
	if p.Not {
		g.add(formEveryone, p.anyListed(c).Not(), f)
		return g
	}
	outside := c.Kind == CallerService || c.Kind == CallerIdentityProvider
	for i := range p.Entries {
		form, t := p.Entries[i].match(c)
		switch {
		case t == False:
			continue
		case !f.permits(form):
			continue
		case form == formEveryone && f.trust && outside:
			t, g.unclear.ambiguity = Unknown, ambiguityStarIsService
		case form == formUser && f.trust:
			g.unclear.ambiguity = ambiguityUserBoundary
		case t == Unknown:
			g.unclear = unclearForm(form)
		}
		g.add(form, t, f)
	}
	switch {
	case f.both:
		g.noIdentity = False
	case f.tagging && g.noIdentity == True && c.inAccount():
		g.noIdentity, g.unclear.ambiguity = Unknown, ambiguityTagSession
	}
	return g
}

// permits tells whether a caller named in a form can make the call at all:
// services call AssumeRole, providers the calls made for them (STS API
// reference).
func (f *facts) permits(form callerForm) bool {
	switch form {
	case formService:
		return f.call != callWebIdentity && f.call != callSAML
	case formProvider:
		return f.call != callAssumeRole
	default:
		return true
	}
}

// unclearForm says why an entry may name a caller or not.
func unclearForm(form callerForm) unclear {
	switch form {
	case formSession:
		return unclear{key: keyOfSession}
	case formUserSession:
		return unclear{ambiguity: ambiguityFederatedUser}
	default:
		return unclear{ambiguity: ambiguityCanonicalUser}
	}
}

func (g *grant) add(form callerForm, t Truth, f *facts) {
	rule := formRules[form]
	boundary := TruthOf(rule.noBoundary)
	if form == formUser && f.trust {
		boundary = Unknown // ambiguityUserBoundary
	}
	g.named = g.named.Or(t)
	g.noIdentity = g.noIdentity.Or(TruthOf(rule.noIdentity).And(t))
	g.noBoundary = g.noBoundary.Or(boundary.And(t))
	g.noSession = g.noSession.Or(TruthOf(rule.noSession).And(t))
}

// denies matches the element of a Deny statement. NotPrincipal with Deny spares
// a session only if the session, its role and its account are all listed, a
// user only if user and account are, and never a principal that has a
// permissions boundary (reference_policies_elements_notprincipal,
// access_policies_boundaries). Where the answer is Unknown, it says why.
func (p *Principals) denies(c *Caller, bounded bool) (Truth, unclear) {
	if p.Not && bounded {
		return True, unclear{}
	}
	var seen [formProvider + 1]Truth
	listed, why := False, unclear{}
	for i := range seen {
		seen[i] = False
	}
	for i := range p.Entries {
		form, t := p.Entries[i].match(c)
		seen[form], listed = seen[form].Or(t), listed.Or(t)
		if t == Unknown {
			why = unclearForm(form)
		}
	}
	switch {
	case !p.Not:
		return listed, why
	case !c.inAccount() || seen[formEveryone] == True:
		return listed.Not(), why
	}
	spared := seen[formAccount]
	switch c.Kind {
	case CallerRole:
		// The session's name is not known: at most some session is listed.
		spared = spared.And(seen[formRole]).And(seen[formSession])
	case CallerSession:
		spared = spared.And(seen[formRole]).And(seen[formSession])
	case CallerUser:
		spared = spared.And(seen[formUser])
	case CallerFederatedUser:
		spared = spared.And(seen[formFederatedUser].Or(seen[formUserSession]))
	}
	return spared.Not(), why
}
