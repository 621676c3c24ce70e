package door

// Compared is how many passwords were compared with a hash: what a sign-in costs.
func (d *Door) Compared() int64 { return d.compared.Load() }

// Quick has passwords hashed so that a test with thousands of sign-ins ends.
func Quick() { hashing.Memory, hashing.Iterations = 64, 1 }
