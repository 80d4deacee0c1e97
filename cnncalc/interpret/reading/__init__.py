"""Where specs come from: paths, standard input, the bundled files, revisions of git; and the files that they use."""
