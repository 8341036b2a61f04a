import Decoders

/// Orders studies so that an earlier study of a patient is drafted before a later one is compared with it.
struct PatientCourses {
  /// Places of studies, one list a patient, in the order of the visits; studies of nobody known stand alone.
  let courses: [[Int]]
  private let visits: [PatientVisit?]

  init(_ studies: [Study]) {
    visits = studies.map { study in study.inputs.lazy.compactMap(\.visit).first }
    var lists: [[Int]] = [], places: [Int: Int] = [:]
    for (index, visit) in visits.enumerated() {
      if let visit, let place = places[visit.patient] {
        lists[place].append(index)
      } else {
        if let visit { places[visit.patient] = lists.count }
        lists.append([index])
      }
    }
    let known = visits
    courses = lists.map { list in
      list.sorted {
        (known[$0]?.date ?? "", known[$0]?.time ?? "", $0) < (
          known[$1]?.date ?? "", known[$1]?.time ?? "", $1
        )
      }
    }
  }

  /// The latest of some earlier studies that was made before this one, with the days between.
  func prior(of study: Int, among earlier: [Int]) -> (study: Int, days: Int?)? {
    guard let visit = visits[study] else { return nil }
    return earlier.reversed().lazy.compactMap { other -> (Int, Int?)? in
      guard let known = visits[other], visit.follows(known) else { return nil }
      return (other, visit.days(since: known))
    }.first
  }
}
