import Foundation

/// Coefficients computed by other software from the same scores.
///
/// Correlations: SciPy 1.17.1 (`scipy.stats.pearsonr`, `spearmanr`, `kendalltau` with its default, tau-b).
/// Kappas: scikit-learn 1.9.1 (`sklearn.metrics.cohen_kappa_score` with `labels` and `weights`). The scores were drawn
/// with NumPy 2.4.6, `numpy.random.default_rng(7)`.
struct ReferenceValues: Decodable {
    struct Correlated: Decodable {
        let name: String
        let first: [Double]
        let second: [Double]
        let pearson: Double
        let spearman: Double
        let kendall: Double
    }

    struct Rated: Decodable {
        let name: String
        let categories: [Int]
        let first: [Int]
        let second: [Int]
        let unweighted: Double
        let linear: Double
        let quadratic: Double
    }

    let correlations: [Correlated]
    let kappas: [Rated]

    static func load() throws -> ReferenceValues {
        try JSONDecoder().decode(ReferenceValues.self, from: Data(json.utf8))
    }

    private static let json = """
        {
          "correlations": [
            {
                "name": "no ties",
                "first": [0.001, 0.299, -0.274, -0.891, -0.455, -0.992, 0.06, 1.34, -0.492, -0.62, 0.49,
                   0.357],
                "second": [0.106, -0.721, -0.221, 0.072, -1.663, -1.152, -1.859, -0.352, -2.186, -0.669,
                   -0.924, 0.521],
                "pearson": 0.23377027462788708,
                "spearman": 0.2027972027972028,
                "kendall": 0.1515151515151515
            },
            {
                "name": "grades 1 to 5",
                "first": [3, 1, 1, 3, 5, 3, 5, 5, 5, 4, 3, 3, 2, 3, 2, 2, 5, 1, 1, 1, 5, 4, 5, 2, 4, 2, 3, 1,
                   4, 5],
                "second": [3, 1, 1, 2, 5, 4, 4, 5, 5, 5, 4, 3, 1, 4, 2, 1, 4, 1, 2, 1, 5, 5, 5, 2, 4, 2, 2, 1,
                   4, 5],
                "pearson": 0.9142146892095369,
                "spearman": 0.9099776429642535,
                "kendall": 0.8352576085315662
            },
            {
                "name": "binary against probability",
                "first": [1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0],
                "second": [0.1, 0.97, 0.22, 0.67, 0.3, 0.87, 0.66, 0.13, 0.85, 0.94, 0.9, 0.57, 0.15, 0.19,
                   0.93, 0.55, 0.18, 0.88, 0.64, 0.57, 0.38, 0.41, 0.24, 0.04, 0.88],
                "pearson": 0.08645542609401327,
                "spearman": 0.022358108740318752,
                "kendall": 0.01867202838329723
            },
            {
                "name": "large offset",
                "first": [1000000.67, 999999.66, 1000001.05, 999999.99, 1000000.58, 999998.71, 1000000.35,
                   999998.31, 999997.96, 999999.7],
                "second": [-1000001.57, -999999.5, -999998.81, -1000000.82, -1000001.2, -999998.5, -999999.86,
                   -999998.49, -999998.17, -999999],
                "pearson": -0.6809054880174811,
                "spearman": -0.7212121212121211,
                "kendall": -0.6444444444444444
            },
            {
                "name": "two items",
                "first": [1, 2],
                "second": [5, 3],
                "pearson": -1.0,
                "spearman": -0.9999999999999999,
                "kendall": -1.0
            },
            {
                "name": "heavily tied",
                "first": [2, 3, 1, 2, 3, 1, 1, 2, 3, 3, 3, 2, 1, 3, 2, 3, 3, 3, 1, 3, 2, 2, 3, 3, 2, 1, 3, 1,
                   1, 1, 1, 3, 2, 1, 1, 2, 2, 1, 3, 3],
                "second": [2, 2, 1, 1, 1, 1, 2, 1, 1, 1, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 2, 1, 1, 2,
                   2, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 2],
                "pearson": 0.01639708487370128,
                "spearman": 0.013999301452285864,
                "kendall": 0.01321775093423185
            }
          ],
          "kappas": [
            {
                "name": "five grades",
                "categories": [1, 2, 3, 4, 5],
                "first": [5, 4, 4, 2, 4, 1, 4, 5, 5, 2, 2, 4, 2, 4, 2, 1, 1, 3, 2, 2, 5, 5, 5, 3, 1, 4, 4, 5,
                   3, 1, 3, 3, 4, 2, 2, 1, 5, 4, 3, 2],
                "second": [5, 4, 4, 1, 3, 2, 3, 5, 5, 1, 3, 5, 3, 5, 3, 2, 1, 4, 3, 3, 5, 5, 5, 4, 1, 5, 5, 4,
                   2, 1, 2, 3, 3, 1, 1, 2, 4, 5, 2, 3],
                "unweighted": 0.13178294573643412,
                "linear": 0.561128526645768,
                "quadratic": 0.8232323232323232
            },
            {
                "name": "three categories",
                "categories": [1, 2, 3],
                "first": [2, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 2, 1, 2, 3, 3, 2, 2, 3, 2],
                "second": [2, 1, 1, 1, 1, 2, 1, 1, 2, 1, 2, 2, 2, 3, 3, 2, 1, 2, 3, 3],
                "unweighted": 0.296875,
                "linear": 0.44444444444444453,
                "quadratic": 0.6086956521739131
            },
            {
                "name": "unused middle",
                "categories": [1, 2, 3, 4, 5],
                "first": [2, 1, 1, 2, 4, 1, 4, 2, 2, 4, 5, 4, 4, 2, 1, 5, 4, 4, 5, 4, 1, 4, 4, 2, 4],
                "second": [1, 2, 2, 1, 4, 2, 2, 2, 4, 5, 5, 5, 2, 1, 1, 5, 2, 5, 5, 5, 1, 1, 2, 1, 4],
                "unweighted": 0.12909836065573765,
                "linear": 0.4434137291280149,
                "quadratic": 0.6563573883161512
            }
          ]
        }
        """
}
