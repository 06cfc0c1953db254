// How the detector stands, in figures.

import NetTypes

/// What is worth watching of the detector.
struct DetectorStanding: Sendable, Equatable {
    /// Whether it only learns yet.
    var isLearning = true
    /// The score from which on an alert is raised; nil while it learns.
    var threshold: Float?
    /// When its scores were last calibrated, in packet time; nil before the first time.
    var calibrated: Timestamp?
    /// Things it forgot before their time, because its memory is bounded.
    var shed = 0
    /// Changes of what is ordinary that it noticed.
    var drifts = 0
    /// Incidents it opened.
    var incidents = 0
}
