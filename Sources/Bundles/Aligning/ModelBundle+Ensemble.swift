import Alignment
import Training

extension ModelBundle {
  /// Fits the learners beside the network on the train rows and weighs all of them on the validation rows.
  /// - Parameter areApart: whether validation rows come from other recordings than train rows.
  mutating func fitEnsemble(_ data: Dataset, areApart: Bool, on team: ReplicaTeam) throws {
    guard let fitter = try fitter() else { return }
    ensemble = SeriesEnsemble()
    let fresh = try fitter.fit(data.train, on: team)
    let answers = try network.predict(data.validation, on: team)
    ensemble = try fitter.weigh(fresh, data.validation, network: answers, areApart: areApart, on: team)
    description.ensemble = ensemble.records
  }

  /// Fits them again on more rows, with the weights that they have.
  mutating func refitEnsemble(_ data: Dataset, on team: ReplicaTeam) throws {
    guard let fitter = try fitter() else { return }
    ensemble = try fitter.refit(ensemble, data.train, on: team)
    description.ensemble = ensemble.records
  }

  private func fitter() throws -> EnsembleFitter? {
    let recipe = try recipe()
    guard let series = description.series, !recipe.ensemble.isEmpty else { return nil }
    var fitter = EnsembleFitter(
      series, tasks: description.tasks, kinds: recipe.ensemble, seed: recipe.seed)
    fitter.pseudoLabels = recipe.pseudoLabels
    return fitter
  }
}
