/// What a key does that is no verb: it changes what is looked at, and nothing else.
///
/// With `CommandSpec.all` these rows are the one table of keys: what is pressed, the key bar, the help, the manual page
/// and the configuration's `keys` all go by them.
package enum ScreenAction: String, Hashable, Sendable, CaseIterable {
    case down, up
    case pageDown = "page-down"
    case pageUp = "page-up"
    case first, last
    case nextGroup = "next-group"
    case previousGroup = "previous-group"
    case group1 = "group-1"
    case group2 = "group-2"
    case group3 = "group-3"
    case group4 = "group-4"
    case group5 = "group-5"
    case group6 = "group-6"
    case group7 = "group-7"
    case find, filter
    case findPrevious = "find-previous"
    case open, left, right, mark, wider
    case zoom, back, prompt, help, contacts, messages, calls, log, accounts, mouse
    case leaveNow = "leave-now"
    case leaveSkip = "leave-skip"
    case leaveSkipGroup = "leave-skip-group"
    case leaveExtend = "leave-extend"
    case leaveWait = "leave-wait"
    case leaveForce = "leave-force"
    case leaveStay = "leave-stay"

    /// Where a key is for it. In different places the same key can be for different things.
    package enum Place: String, Hashable, Sendable, CaseIterable {
        /// Wherever no text is typed.
        case screens = "Moving and looking"
        /// While we are leaving (`shutdown.md` S7).
        case shutdownPanel = "In the shutdown panel"
    }
    package var place: Place {
        switch self {
        case .leaveNow, .leaveSkip, .leaveSkipGroup, .leaveExtend, .leaveWait, .leaveForce, .leaveStay: .shutdownPanel
        case .down, .up, .pageDown, .pageUp, .first, .last, .nextGroup, .previousGroup, .group1, .group2, .group3,
            .group4, .group5, .group6, .group7, .find, .filter, .findPrevious, .open, .left, .right, .mark, .wider,
            .zoom, .back, .prompt, .help, .contacts, .messages, .calls, .log, .accounts, .mouse:
            .screens
        }
    }

    /// As the configuration names it.
    package var word: String { rawValue }

    /// The first one is what the screens themselves go by.
    package var usualKeys: [Key] {
        switch self {
        case .down: [.down, .character("j")]
        case .up: [.up, .character("k")]
        case .pageDown: [.pageDown, .control("d")]
        case .pageUp: [.pageUp, .control("b")]
        case .first: [.home, .character("g")]
        case .last: [.end, .character("G")]
        case .nextGroup: [.tab]
        case .previousGroup: [.backTab]
        case .group1: [.character("1")]
        case .group2: [.character("2")]
        case .group3: [.character("3")]
        case .group4: [.character("4")]
        case .group5: [.character("5")]
        case .group6: [.character("6")]
        case .group7: [.character("7")]
        case .find: [.character("/"), .function(3)]
        case .filter: [.character("\\"), .function(4)]
        case .findPrevious: [.character("N")]
        case .open: [.enter]
        case .mark: [.character(" ")]
        case .wider: [.character("w")]
        case .left: [.left]
        case .right: [.right]
        case .zoom: [.character("z")]
        case .back: [.escape]
        case .prompt: [.character(":"), .function(2)]
        case .help: [.character("?"), .function(1)]
        case .contacts: [.character("B"), .function(5)]
        case .messages: [.character("L"), .function(6)]
        case .calls: [.character("J"), .function(7)]
        case .log: [.character("l"), .function(8)]
        case .accounts: [.character("A")]
        case .mouse: [.character("Y")]
        case .leaveNow: [.enter]
        case .leaveSkip: [.character("s")]
        case .leaveSkipGroup: [.character("n")]
        case .leaveExtend: [.character("+")]
        case .leaveWait: [.character("i")]
        case .leaveForce: [.character("!")]
        case .leaveStay: [.escape]
        }
    }

    package var summary: String {
        switch self {
        case .down: "One row down"
        case .up: "One row up"
        case .pageDown: "A page down"
        case .pageUp: "A page up"
        case .first: "To the first row"
        case .last: "To the last row"
        case .nextGroup: "To the next group"
        case .previousGroup: "To the group before"
        case .group1: "To the calls in"
        case .group2: "To the watchers"
        case .group3: "To the calls out"
        case .group4: "To the subscriptions"
        case .group5: "To the messages"
        case .group6: "To the publications"
        case .group7: "To the registrations"
        case .find: "Find a usage by name, address, state, event or account; n is the next one, N the one before"
        case .filter: "Show only what has a word in it"
        case .findPrevious: "The one found before; n the next one, as long as something is looked for"
        case .open: "Everything about what is selected, with its messages; a group opens and closes"
        case .left: "Close a group; where a message is read: the one before it"
        case .right: "Open a group; where a message is read: the one after it"
        case .mark: "Mark a usage for the next command, or a message: two marked ones are compared"
        case .wider: "The messages of the usage, its dialog, its dialog set, the whole client"
        case .zoom: "One pane over the whole screen, and back"
        case .back: "Back, one step at a time"
        case .prompt: "A command, as in a script; Tab completes, ↑ recalls, Ctrl-R searches"
        case .help: "The keys there are; typing searches, Enter runs one"
        case .contacts: "Who is there: what is known of those we watch, and whether it is fresh"
        case .messages: "The messages, by whom they are with; Enter reads, and replies"
        case .calls: "The calls there were: with whom, when, how long, and why they ended"
        case .log: "The event log"
        case .accounts: "The accounts; Enter makes one the current one"
        case .mouse: "Leave the mouse to the terminal, which selects text with it; and take it again"
        case .leaveNow: "Begin at once, without the half second in which one can stay"
        case .leaveSkip: "Wait no longer for the usage that is waited for"
        case .leaveSkipGroup: "Wait no longer for its whole group"
        case .leaveExtend: "Wait ten seconds more"
        case .leaveWait: "Wait as long as it takes"
        case .leaveForce: "Leave now, without another goodbye"
        case .leaveStay: "Stay, as long as nobody has been told that we leave"
        }
    }
}
