package domain

// Address is the stream that a command writes to.
type Address struct {
	Stream string
	// Of is the project whose depot, forms or visits the stream holds: it must be
	// under service. Empty for every other kind of stream.
	Of ProjectID
}

// At is the address of what an identity names, or the refusal of one that cannot
// be an identity. Field names it in the command.
func At[ID ~string](field string, id ID, stream func(ID) string) (Address, error) {
	return Address{Stream: stream(id)}, CheckID(field, id)
}
