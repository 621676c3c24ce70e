package wording

import (
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/names"
)

// Recorded is a sentence of ours that the log holds as it was said, in English, such as why
// a decision was refused: what is read back from it can be said in any language, and name
// people. What none of our sentences says stands as it is: somebody wrote it.
func Recorded(said string) domain.Text {
	var (
		found    domain.Text
		sentence domain.Sentence
		most     int // letters that are the sentence's own: of two that fit, the one that says more
	)
	for format := range chinese() {
		figures, own, fits := figuresOf(string(format), said)
		if fits && (own > most || own == most && format < sentence) { // one and the same each time
			found, sentence, most = domain.Say(format, figures...), format, own
		}
	}
	if most == 0 {
		return domain.Say("%s", said)
	}
	return found
}

// figuresOf reads a sentence's figures back from what was said. Own is how much of it the
// sentence says itself; what is figures for the most part is no sentence of ours.
func figuresOf(format, said string) (figures []any, own int, fits bool) {
	verbs := figureVerb.FindAllStringIndex(format, -1)
	if len(verbs) == 0 {
		return nil, len(format), format == said
	}
	rest, ok := strings.CutPrefix(said, format[:verbs[0][0]])
	if !ok {
		return nil, 0, false
	}
	for i, verb := range verbs {
		end := len(format)
		if i+1 < len(verbs) {
			end = verbs[i+1][0]
		}
		after := format[verb[1]:end]
		at := strings.Index(rest, after)
		if i+1 == len(verbs) {
			at = len(rest) - len(after)
		}
		if at <= 0 || !strings.HasSuffix(rest[:at+len(after)], after) {
			return nil, 0, false
		}
		figures = append(figures, readBack(rest[:at]))
		rest = rest[at+len(after):]
		own += len(after)
	}
	own += verbs[0][0]
	return figures, own, own > len(said)/2
}

// readBack is a figure of what was said: of a code, such as a gate's, there is a name.
func readBack(said string) any {
	if said == strings.ToUpper(said) {
		if name := names.Among([]string{said})[said]; name != "" {
			return recordedCode{said, name}
		}
	}
	return said
}

// recordedCode is a code whose type was left in the log, with its name.
type recordedCode struct{ code, name string }

// String is the code, which English has for it.
func (c recordedCode) String() string { return c.code }
