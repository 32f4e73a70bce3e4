import AssizeCommands

await AssizeCommand.start()
