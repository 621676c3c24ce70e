package forms

// pages says with which strips the pages of a section begin, so that nothing
// stands alone that belongs together. A page that begins within a list repeats
// its headers. high is the room of a page in points.
func (s section) pages(high float64) (begins []int) {
	used := 0.0
	for i := 0; i < len(s.strips); {
		end := i + 1
		for end < len(s.strips) && s.strips[end-1].keep {
			end++
		}
		need := 0.0
		for _, x := range s.strips[i:end] {
			need += x.height
		}
		again := 0.0
		for _, x := range s.strips[i].head {
			again += x.height
		}
		switch {
		case len(begins) == 0 && need <= high:
			begins, used = append(begins, i), need
		case len(begins) > 0 && used+need <= high:
			used += need
		case len(begins) > 0 && again+need <= high:
			begins, used = append(begins, i), again+need
		default: // more than a page together: as much of it as there is room for
			end = i + 1
			need = s.strips[i].height
			switch {
			case len(begins) == 0:
				begins = append(begins, i)
			case used+need > high:
				begins, used = append(begins, i), again
			}
			used += need
		}
		i = end
	}
	return begins
}
