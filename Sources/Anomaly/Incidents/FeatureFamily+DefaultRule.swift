// The rules that hold without a rules file.

extension FeatureFamily {
    /// The family's rule as shipped in `rules/`.
    public var defaultRule: FamilyRule {
        switch self {
        case .address:
            FamilyRule(
                cap: 1.5, severity: 3, signature: "Contact with new peers",
                category: "Misc activity", technique: ("T1071", "Application_Layer_Protocol"),
                tactic: ("TA0011", "Command_and_Control"))
        case .service:
            FamilyRule(
                cap: 1.5, severity: 3, signature: "Use of a new service",
                category: "Detection of a non-standard protocol or event", technique: ("T1571", "Non-Standard_Port"),
                tactic: ("TA0011", "Command_and_Control"))
        case .application:
            FamilyRule(
                cap: 3.5, severity: 2, signature: "Unfamiliar application behaviour",
                category: "Potentially Bad Traffic", technique: ("T1071", "Application_Layer_Protocol"),
                tactic: ("TA0011", "Command_and_Control"))
        case .request:
            FamilyRule(
                cap: 3, severity: 2, signature: "Unfamiliar web requests",
                category: "Web Application Attack", technique: ("T1190", "Exploit_Public-Facing_Application"),
                tactic: ("TA0001", "Initial_Access"))
        case .fanOut:
            FamilyRule(
                cap: 6, severity: 3, signature: "Scan of ports or hosts",
                category: "Detection of a Network Scan", technique: ("T1046", "Network_Service_Discovery"),
                tactic: ("TA0007", "Discovery"))
        case .fanIn:
            FamilyRule(
                cap: 6, severity: 2, signature: "Many sources turn to one host",
                category: "Detection of a Denial of Service Attack", technique: ("T1498", "Network_Denial_of_Service"),
                tactic: ("TA0040", "Impact"))
        case .repetition:
            FamilyRule(
                cap: 6, severity: 2, signature: "Repeated connections to one service",
                category: "Attempted User Privilege Gain", technique: ("T1110", "Brute_Force"),
                tactic: ("TA0006", "Credential_Access"))
        case .rate:
            FamilyRule(
                cap: 6, weight: 0.6, severity: 2, signature: "Flood of connections or packets",
                category: "Detection of a Denial of Service Attack", technique: ("T1498", "Network_Denial_of_Service"),
                tactic: ("TA0040", "Impact"))
        case .failure:
            FamilyRule(
                cap: 4, severity: 3, signature: "Many refused or unanswered connections",
                category: "Detection of a Network Scan", technique: ("T1046", "Network_Service_Discovery"),
                tactic: ("TA0007", "Discovery"))
        case .backscatter:
            FamilyRule(
                cap: 6, severity: 2, signature: "Answers that nobody asked for",
                category: "Detection of a Denial of Service Attack", technique: ("T1498", "Network_Denial_of_Service"),
                tactic: ("TA0040", "Impact"))
        case .dns:
            FamilyRule(
                cap: 6, severity: 1, signature: "Data hidden in DNS",
                category: "Malware Command and Control Activity Detected", technique: ("T1071.004", "DNS"),
                tactic: ("TA0011", "Command_and_Control"))
        case .icmp:
            FamilyRule(
                cap: 6, severity: 2, signature: "Data hidden in ICMP",
                category: "Malware Command and Control Activity Detected",
                technique: ("T1095", "Non-Application_Layer_Protocol"),
                tactic: ("TA0011", "Command_and_Control"))
        case .volume:
            FamilyRule(
                cap: 2.5, severity: 2, signature: "Unusual amount of data sent",
                category: "Potential Corporate Privacy Violation",
                technique: ("T1048", "Exfiltration_Over_Alternative_Protocol"),
                tactic: ("TA0010", "Exfiltration"))
        case .periodicity:
            FamilyRule(
                cap: 3.5, severity: 2, signature: "Regular beacons",
                category: "Malware Command and Control Activity Detected",
                technique: ("T1071", "Application_Layer_Protocol"),
                tactic: ("TA0011", "Command_and_Control"))
        case .shape:
            FamilyRule(
                cap: 3.5, severity: 2, signature: "Flow of an unfamiliar shape",
                category: "Potentially Bad Traffic", technique: ("T1571", "Non-Standard_Port"),
                tactic: ("TA0011", "Command_and_Control"))
        case .arp:
            FamilyRule(
                cap: 6, weight: 2, severity: 1, signature: "Address taken over by another host",
                category: "Potentially Bad Traffic", technique: ("T1557.002", "ARP_Cache_Poisoning"),
                tactic: ("TA0006", "Credential_Access"))
        case .sequence:
            FamilyRule(
                cap: 3, severity: 3, signature: "Minute unlike those before",
                category: "Misc activity", technique: ("T1071", "Application_Layer_Protocol"),
                tactic: ("TA0011", "Command_and_Control"))
        case .role:
            FamilyRule(
                cap: 4, weight: 2, severity: 1, signature: "Workstation administers another host",
                category: "Potentially Bad Traffic", technique: ("T1021", "Remote_Services"),
                tactic: ("TA0008", "Lateral_Movement"))
        case .httpFlood:
            FamilyRule(
                cap: 5, severity: 2, signature: "Flood of web requests",
                category: "Detection of a Denial of Service Attack",
                technique: ("T1499.002", "Service_Exhaustion_Flood"),
                tactic: ("TA0040", "Impact"))
        case .reflection:
            FamilyRule(
                cap: 6, severity: 2, signature: "Flood of reflected answers",
                category: "Detection of a Denial of Service Attack",
                technique: ("T1498.002", "Reflection_Amplification"),
                tactic: ("TA0040", "Impact"))
        case .generatedDomains:
            FamilyRule(
                cap: 6, severity: 1, signature: "Search for domains that a program makes up",
                category: "Malware Command and Control Activity Detected",
                technique: ("T1568.002", "Domain_Generation_Algorithms"), tactic: ("TA0011", "Command_and_Control"))
        case .asymmetry:
            FamilyRule(
                cap: 2.5, severity: 2, signature: "Host sends far more than it receives",
                category: "Potential Corporate Privacy Violation",
                technique: ("T1567", "Exfiltration_Over_Web_Service"), tactic: ("TA0010", "Exfiltration"))
        case .mining:
            FamilyRule(
                cap: 6, severity: 2, signature: "Work for a mining pool",
                category: "Crypto Currency Mining Activity Detected", technique: ("T1496", "Resource_Hijacking"),
                tactic: ("TA0040", "Impact"))
        case .spreading:
            FamilyRule(
                cap: 4, severity: 1, signature: "Spread from host to host by one port",
                category: "A Network Trojan was detected", technique: ("T1210", "Exploitation_of_Remote_Services"),
                tactic: ("TA0008", "Lateral_Movement"))
        case .control:
            FamilyRule(
                cap: 4, weight: 1.5, severity: 1, signature: "Controller told something new",
                category: "Attempted Administrator Privilege Gain",
                technique: ("T0855", "Unauthorized_Command_Message"),
                tactic: ("TA0106", "Impair_Process_Control"))
        case .remote:
            FamilyRule(
                cap: 4, weight: 1.5, severity: 1, signature: "Host works on another one by new means",
                category: "Attempted Administrator Privilege Gain", technique: ("T1569.002", "Service_Execution"),
                tactic: ("TA0002", "Execution"))
        case .injection:
            FamilyRule(
                cap: 4, severity: 1, signature: "Request that breaks out of its place",
                category: "Web Application Attack", technique: ("T1190", "Exploit_Public-Facing_Application"),
                tactic: ("TA0001", "Initial_Access"))
        }
    }
}
