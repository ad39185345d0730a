/// The verbs, one for each row of `CommandSpec.all`.
package enum Verb: Hashable, Sendable, CaseIterable {
    case accountAdd, accountUse, accountRemove, accountSave
    case contactAdd, contactRemove, reload
    case register, unregister, fetchBindings, reap
    case call, answer, ring, reject, hangUp, hold, resume, mute, unmute, dtmf
    case cancel, redirect, conference, split, play, record, stop, reinvite, update
    case transfer, transferAttended, acceptTransfer, denyTransfer, transfers
    case message
    case subscribe, unsubscribe, refresh, publish, unpublish
    case options
    case faultCrash, faultRestart, faultSilence, faultRefuse, faultLose, faultClear
    case shutdown, shutdownGraceful, shutdownPlan, shutdownIfIdle, shutdownForce
    case shutdownExtend, shutdownWait, shutdownSkip, shutdownSkipGroup, shutdownCancel
}
