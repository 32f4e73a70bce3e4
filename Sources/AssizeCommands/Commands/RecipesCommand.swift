internal import ArgumentParser
internal import AssizeJudges

/// `assize recipes`: the published methods that can be judged with.
struct RecipesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipes",
        abstract: "List and show judging recipes.",
        discussion:
            "A recipe is a YAML file: 'assize recipes show NAME > mine.yaml', change it, and judge with -p mine.yaml.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    /// `assize recipes list`: the published recipes.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the recipes.")

        func run() throws {
            let terminal = Terminal()
            var table = TextTable(["RECIPE", "JUDGES", "WHAT"])
            for recipe in try RecipeLibrary.builtIn {
                table.append([recipe.name, recipe.kind == .pairwise ? "pairs" : "single responses", recipe.summary])
            }
            for line in table.lines(width: terminal.width, bold: terminal.bold) { terminal.write(line) }
        }
    }

    /// `assize recipes show NAME`: a recipe's file, as it is.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a recipe's file.")

        @Argument(help: "The recipe's name.") var name: String

        func run() throws {
            let text = try JudgeOptions.recipe(named: name).yaml
            Terminal().write(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
    }
}
