"""One story, once: which reports belong together, and when a story has moved.

Pure modules (`sighting`, `likeness`, `joining`, `revisions`, `voices`, `phase`), a window in memory
(`window`), and one edge (`desk`) that works on the store.
"""
