/// The recipes that come with Assize.
public enum RecipeLibrary {
    /// The names of the built-in recipes.
    public static let names = ["assize-pointwise", "assize-pairwise", "prometheus-absolute", "prometheus-relative"]

    /// The built-in recipes, in the order of ``names``; read once.
    ///
    /// - Throws: ``AssizeJudgesError`` when one can't be read, which the tests rule out.
    public static var builtIn: [Recipe] {
        get throws(AssizeJudgesError) { try loaded.get() }
    }

    /// A built-in recipe.
    ///
    /// - Throws: ``AssizeJudgesError`` with the names there are.
    public static func recipe(named name: String) throws(AssizeJudgesError) -> Recipe {
        guard let recipe = try builtIn.first(where: { $0.name == name }) else {
            throw AssizeJudgesError(
                code: .unknownRecipe,
                message: "there is no recipe '\(name)'; use one of \(names.joined(separator: ", ")), or a recipe file"
            )
        }
        return recipe
    }

    private static let loaded = load()

    private static func load() -> Result<[Recipe], AssizeJudgesError> {
        let sources = [
            PackageResources.assize_pointwise_yaml, PackageResources.assize_pairwise_yaml,
            PackageResources.prometheus_absolute_yaml, PackageResources.prometheus_relative_yaml,
        ]
        do throws(AssizeJudgesError) {
            var recipes: [Recipe] = []
            for bytes in sources { recipes.append(try Recipe(yaml: String(decoding: bytes, as: UTF8.self))) }
            return .success(recipes)
        } catch {
            return .failure(error)
        }
    }
}
