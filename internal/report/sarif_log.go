package report

import "encoding/json"

// The part of SARIF 2.1.0 that iamcheck writes. Slices that the specification
// wants to be there are made non-nil by who fills them.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}

	sarifRun struct {
		Tool               sarifTool              `json:"tool"`
		AutomationDetails  sarifAutomation        `json:"automationDetails"`
		ColumnKind         string                 `json:"columnKind"`
		OriginalURIBaseIDs map[string]sarifBase   `json:"originalUriBaseIds"`
		Invocations        []sarifInvocation      `json:"invocations"`
		LogicalLocations   []sarifLogicalLocation `json:"logicalLocations,omitempty"`
		Results            []sarifResult          `json:"results"`
		Properties         *sarifRunScope         `json:"properties,omitempty"`
	}

	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}

	sarifDriver struct {
		Name            string      `json:"name"`
		Organization    string      `json:"organization"`
		Version         string      `json:"version,omitempty"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
		Notifications   []sarifRule `json:"notifications"`
	}

	sarifRule struct {
		ID                   string               `json:"id"`
		Name                 string               `json:"name"`
		ShortDescription     sarifText            `json:"shortDescription"`
		FullDescription      sarifText            `json:"fullDescription"`
		HelpURI              string               `json:"helpUri"`
		Help                 sarifText            `json:"help"`
		MessageStrings       map[string]sarifText `json:"messageStrings,omitempty"`
		DefaultConfiguration *sarifConfiguration  `json:"defaultConfiguration,omitempty"`
		Properties           *sarifRuleProperties `json:"properties,omitempty"`
	}

	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}

	sarifConfiguration struct {
		Level string `json:"level"`
	}

	sarifRuleProperties struct {
		Tags             []string `json:"tags"`
		Precision        string   `json:"precision"`
		SecuritySeverity string   `json:"security-severity,omitempty"`
		ProblemSeverity  string   `json:"problem.severity"`
	}

	sarifAutomation struct {
		ID string `json:"id"`
	}

	sarifBase struct {
		Description sarifText `json:"description"`
	}

	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		ExitCode            int                 `json:"exitCode"`
		CommandLine         string              `json:"commandLine,omitempty"`
		StartTimeUTC        string              `json:"startTimeUtc,omitempty"`
		EndTimeUTC          string              `json:"endTimeUtc,omitempty"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}

	sarifNotification struct {
		Level      string          `json:"level"`
		Descriptor sarifDescriptor `json:"descriptor"`
		Message    sarifMessage    `json:"message"`
	}

	sarifDescriptor struct {
		ID    string `json:"id"`
		Index int    `json:"index"`
	}

	sarifMessage struct {
		ID        string   `json:"id,omitempty"`
		Arguments []string `json:"arguments,omitempty"`
		Text      string   `json:"text"`
	}

	sarifArtifactLocation struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}

	sarifLogicalLocation struct {
		Name               string `json:"name"`
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
		Index              int    `json:"index"`
	}

	sarifResult struct {
		RuleID              string                `json:"ruleId"`
		RuleIndex           int                   `json:"ruleIndex"`
		Kind                string                `json:"kind"`
		Level               string                `json:"level"`
		Message             sarifMessage          `json:"message"`
		Locations           []sarifLocation       `json:"locations"`
		PartialFingerprints sarifFingerprints     `json:"partialFingerprints"`
		Suppressions        []sarifSuppression    `json:"suppressions,omitempty"`
		Properties          sarifResultProperties `json:"properties"`
	}

	sarifLocation struct {
		PhysicalLocation sarifPhysicalLocation  `json:"physicalLocation"`
		LogicalLocations []sarifLogicalLocation `json:"logicalLocations,omitempty"`
	}

	sarifPhysicalLocation struct {
		ArtifactLocation sarifArtifactLocation `json:"artifactLocation"`
		Region           sarifRegion           `json:"region"`
	}

	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}

	sarifFingerprints struct {
		PrimaryLocationLineHash string `json:"primaryLocationLineHash"`
		V1                      string `json:"iamcheck/v1"`
	}

	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification,omitempty"`
	}

	// sarifResultProperties are for consumers other than GitHub.
	sarifResultProperties struct {
		Severity     string          `json:"severity"`
		Outcome      string          `json:"outcome"`
		Account      string          `json:"account,omitempty"`
		Principal    string          `json:"principal,omitempty"`
		Databases    []string        `json:"databases,omitempty"`
		Requirements []string        `json:"requirements,omitempty"`
		Layer        string          `json:"layer,omitempty"`
		Policy       string          `json:"policy,omitempty"`
		PolicyKind   string          `json:"policyKind,omitempty"`
		SID          string          `json:"sid,omitempty"`
		Pointer      string          `json:"pointer,omitempty"`
		Line         int             `json:"line,omitempty"`
		Actions      []string        `json:"actions,omitempty"`
		Resources    []string        `json:"resources,omitempty"`
		Witness      string          `json:"witness,omitempty"`
		FixKind      string          `json:"fixKind,omitempty"`
		Fix          json.RawMessage `json:"fix,omitempty"`
		FixNote      string          `json:"fixNote,omitempty"`
	}

	sarifRunScope struct {
		Accounts     []string `json:"accounts"`
		Layers       []string `json:"layers"`
		NotEvaluated []string `json:"notEvaluated"`
		Data         string   `json:"data,omitempty"`
	}
)
