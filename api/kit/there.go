package kit

// OnlyIf is a figure of an answer that may be of something that is not there:
// null in JSON, never a zero that says something else.
func OnlyIf[T any](there bool, figure T) *T {
	if !there {
		return nil
	}
	return &figure
}
