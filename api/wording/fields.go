package wording

// Field names a field, given by its path in the request, as the form names it.
func (l Language) Field(path string) string { return path }
