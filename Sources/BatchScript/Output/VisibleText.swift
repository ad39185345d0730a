import SansIO
import SoftphoneCore

/// One line that a terminal cannot misunderstand: what controls it or turns text around is shown as what it is.
func visibleLine(_ text: String) -> String { visible(text) }
