package domain

// Failure is what stands in the way of the ledger itself and not of a command: a
// file, a setting, another process. People meet it at the command line; so it is a
// sentence, which has its words in each language, and not a string.
type Failure struct {
	What  Text
	Cause error // nil: the sentence says it all
}

// Failed is a failure with what caused it, which may be nil. The args are those of
// the sentence, see Say.
func Failed(cause error, what Sentence, args ...any) *Failure {
	return &Failure{Say(what, args...), cause}
}

func (f *Failure) Error() string {
	if f.Cause == nil {
		return f.What.String()
	}
	return f.What.String() + ": " + f.Cause.Error()
}

func (f *Failure) Unwrap() error { return f.Cause }
